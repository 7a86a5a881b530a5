import { z } from 'zod';
import type { Clock } from '../clock';
import type { DocumentStore } from '../ssm/documents';
import type { Keeper } from './kept-resource';

const documentProperties = z.object({
  Content: z.union([z.string(), z.record(z.string(), z.unknown())]),
  DocumentType: z.string().default('Command'),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
});

/** SSM documents of stacks become the account's documents; a changed content is a new version. */
export function documentKeeper(documents: DocumentStore, clock: Clock): Keeper {
  return {
    put: ({ physicalId, properties }) => {
      const { Content, DocumentType, Tags } = documentProperties.parse(properties);
      const text = typeof Content === 'string' ? Content : JSON.stringify(Content);
      if (!documents.has(physicalId)) {
        documents.create(physicalId, text, clock.now(), DocumentType, Tags);
      } else if (documents.require(physicalId).versions.at(-1)?.text !== text) {
        documents.update(physicalId, text, clock.now());
      }
    },
    delete: ({ physicalId }) => {
      if (documents.has(physicalId)) documents.delete(physicalId);
    },
  };
}
