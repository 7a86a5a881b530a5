import { z } from 'zod';
import { AwsError } from '../errors';

/** Command documents, schema 2.2, with the one plugin that this Run Command executes. */
export const documentContent = z.object({
  schemaVersion: z.literal('2.2'),
  description: z.string().optional(),
  parameters: z
    .record(
      z.string(),
      z.object({
        type: z.enum(['String', 'StringList', 'Boolean', 'Integer', 'StringMap', 'MapList']),
        description: z.string().optional(),
        default: z.union([z.string(), z.array(z.string()), z.boolean(), z.number()]).optional(),
        allowedValues: z.array(z.string()).optional(),
        allowedPattern: z.string().optional(),
      }),
    )
    .default({}),
  mainSteps: z
    .array(
      z.object({
        action: z.literal('aws:runShellScript'),
        name: z.string(),
        inputs: z.object({
          runCommand: z.array(z.string()),
          timeoutSeconds: z.union([z.string(), z.number()]).optional(),
          workingDirectory: z.string().optional(),
        }),
      }),
    )
    .min(1),
});
export type DocumentContent = z.output<typeof documentContent>;

export interface DocumentVersion {
  /** As it was given, JSON text. */
  readonly text: string;
  readonly content: DocumentContent;
  readonly createdAt: Date;
}

export interface SsmDocument {
  readonly name: string;
  readonly type: string;
  /**
   * Oldest first; version `1` is the first. A new version is the default one, as CloudFormation
   * leaves it.
   */
  readonly versions: DocumentVersion[];
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

/** The account's own SSM documents. */
export class DocumentStore {
  private readonly documents = new Map<string, SsmDocument>();

  /** Throws `InvalidDocumentContent`, `DocumentAlreadyExists`. */
  create(name: string, text: string, now: Date, type = 'Command', tags: SsmDocument['tags'] = []) {
    if (this.documents.has(name)) {
      throw new AwsError('DocumentAlreadyExists', 'The specified document already exists.');
    }
    const document: SsmDocument = { name, type, versions: [parseVersion(text, now)], tags };
    this.documents.set(name, document);
    return document;
  }

  /** Throws `InvalidDocument`, `InvalidDocumentContent`, `DuplicateDocumentContent`. */
  update(name: string, text: string, now: Date): SsmDocument {
    const document = this.require(name);
    if (document.versions.at(-1)?.text === text) {
      throw new AwsError('DuplicateDocumentContent', 'The content is that of another version.');
    }
    document.versions.push(parseVersion(text, now));
    return document;
  }

  delete(name: string): void {
    this.require(name);
    this.documents.delete(name);
  }

  has(name: string): boolean {
    return this.documents.has(name);
  }

  /** By name or ARN. Throws `InvalidDocument`. */
  require(nameOrArn: string): SsmDocument {
    const document = this.documents.get(nameOrArn.replace(/^arn:[^/]+:document\//, ''));
    if (document !== undefined) return document;
    throw new AwsError('InvalidDocument', `Document with name ${nameOrArn} does not exist.`);
  }

  all(): readonly SsmDocument[] {
    return [...this.documents.values()];
  }
}

/**
 * The version that `$DEFAULT`, `$LATEST`, a number or nothing names. Throws
 * `InvalidDocumentVersion`.
 */
export function documentVersion(document: SsmDocument, wanted: string | undefined) {
  const latest = document.versions.length;
  const number = /^\d+$/.test(wanted ?? '') ? Number(wanted) : latest;
  const version = document.versions[number - 1];
  if (version !== undefined) return { number, latest, version };
  throw new AwsError('InvalidDocumentVersion', `The document version ${wanted} is not valid.`);
}

function parseVersion(text: string, createdAt: Date): DocumentVersion {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AwsError('InvalidDocumentContent', 'JSON not well-formed.');
  }
  const parsed = documentContent.safeParse(value);
  if (parsed.success) return { text, content: parsed.data, createdAt };
  const issue = parsed.error.issues[0];
  throw new AwsError(
    'InvalidDocumentContent',
    `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`,
  );
}
