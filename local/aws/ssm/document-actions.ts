import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../errors';
import { passOn, type Handler } from '../handler';
import { parseInput } from '../protocol/input';
import type { Output } from '../protocol/response';
import { documentVersion, type SsmDocument } from './documents';
import type { Ssm } from './ssm';

const createInput = z.object({
  Name: z.string().regex(/^[a-zA-Z0-9_\-.]{3,128}$/),
  Content: z.string(),
  DocumentType: z.string().default('Command'),
  DocumentFormat: z.enum(['JSON']).default('JSON'),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
});

export function createDocument(ssm: Ssm): Handler {
  return ({ input }) => {
    const { Name, Content, DocumentType, Tags } = parseInput(
      createInput,
      input,
      'ValidationException',
    );
    const now = ssm.clock.now();
    const document = ssm.documents.create(Name, Content, now, DocumentType, Tags);
    return { DocumentDescription: describe(ssm, document, undefined) };
  };
}

const named = z.object({
  Name: z.string(),
  DocumentVersion: z.string().optional(),
  Content: z.string().optional(),
});

export function updateDocument(ssm: Ssm): Handler {
  return ({ input }) => {
    const { Name, Content } = parseInput(named, input, 'ValidationException');
    if (Content === undefined) throw new AwsError('ValidationException', 'Content is missing');
    const document = ssm.documents.update(Name, Content, ssm.clock.now());
    return { DocumentDescription: describe(ssm, document, undefined) };
  };
}

export function describeDocument(ssm: Ssm): Handler {
  return ({ input }) => {
    const request = parseInput(named, input, 'ValidationException');
    const document = ssm.documents.require(request.Name);
    return { Document: describe(ssm, document, request.DocumentVersion) };
  };
}

export function getDocument(ssm: Ssm): Handler {
  return ({ input }) => {
    const request = parseInput(named, input, 'ValidationException');
    const document = ssm.documents.require(request.Name);
    const { number, version } = documentVersion(document, request.DocumentVersion);
    return {
      Name: document.name,
      CreatedDate: version.createdAt,
      DocumentVersion: String(number),
      Status: 'Active',
      Content: version.text,
      DocumentType: document.type,
      DocumentFormat: 'JSON',
    };
  };
}

export function deleteDocument(ssm: Ssm): Handler {
  return ({ input }) => {
    ssm.documents.delete(parseInput(named, input, 'ValidationException').Name);
    return {};
  };
}

/** ListDocuments: the account's own documents; without filters, paging is not needed. */
export function listDocuments(ssm: Ssm): Handler {
  return () => ({
    DocumentIdentifiers: ssm.documents.all().map((document) => ({
      Name: document.name,
      Owner: ssm.accountId,
      DocumentVersion: String(document.versions.length),
      DocumentType: document.type,
      SchemaVersion: '2.2',
      DocumentFormat: 'JSON',
      Tags: document.tags,
    })),
  });
}

const resource = z.object({ ResourceType: z.string(), ResourceId: z.string() });

/** ListTagsForResource of a document; of any other resource the emulator knows them. */
export function listTagsForResource(ssm: Ssm): Handler {
  return ({ input }) => {
    const { ResourceType, ResourceId } = parseInput(resource, input, 'ValidationException');
    if (ResourceType !== 'Document') return passOn;
    return { TagList: ssm.documents.require(ResourceId).tags };
  };
}

function describe(ssm: Ssm, document: SsmDocument, wanted: string | undefined): Output {
  const { number, latest, version } = documentVersion(document, wanted);
  return {
    Name: document.name,
    Owner: ssm.accountId,
    CreatedDate: version.createdAt,
    Status: 'Active',
    DocumentVersion: String(number),
    LatestVersion: String(latest),
    DefaultVersion: String(latest),
    Description: version.content.description,
    Hash: createHash('sha256').update(version.text).digest('hex'),
    HashType: 'Sha256',
    Parameters: Object.entries(version.content.parameters).map(([Name, parameter]) => ({
      Name,
      Type: parameter.type,
      Description: parameter.description,
      DefaultValue:
        typeof parameter.default === 'string' || parameter.default === undefined
          ? parameter.default
          : JSON.stringify(parameter.default),
    })),
    PlatformTypes: ['Linux'],
    DocumentType: document.type,
    SchemaVersion: '2.2',
    DocumentFormat: 'JSON',
    Tags: document.tags,
  };
}
