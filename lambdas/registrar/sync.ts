import { z } from 'zod';
import type { CommandOutcome, RunCommand } from '../adapters/aws/run-command';
import { certificatePem, type ServerCertificate } from '../adapters/aws/server-certificate';
import { serverNamesSchema } from '../adapters/aws/server-names';
import type { ServerNames } from '../core/protocol/xmpp-names';
import type { SyncAction } from '../core/protocol/documents';
import { printable } from '../core/protocol/printable';

/** What Server A says after a sync. */
export interface SyncReport {
  /** Over the credentials that Prosody holds now. */
  readonly digest: string;
  readonly bridgeCount: number;
  /** Bridges that have a session on Prosody now; not told of a fleet of more than 500. */
  readonly connected: readonly string[] | undefined;
  readonly certificate: ServerCertificate;
  /** What the server's XMPP is called, where the config does not say it. */
  readonly names: ServerNames | undefined;
}

/** SSM does not reach Server A: stopped, or its agent is not running. */
export class ServerUnreachableError extends Error {
  override readonly name = 'ServerUnreachableError';
}

/** The sync ran and did not succeed, or took too long; Prosody may hold the old set. */
export class SyncFailedError extends Error {
  override readonly name = 'SyncFailedError';
}

const timeoutSeconds = 90;

/** The last line on the script's stdout. */
const reportSchema = z.discriminatedUnion('ok', [
  z
    .object({
      ok: z.literal(true),
      digest: z.string().regex(/^[0-9a-f]{16}$/),
      bridges: z.number().int().min(0),
      connected: z.array(z.string()).optional(),
      certificate: certificatePem,
      xmpp: serverNamesSchema.optional(),
    })
    .transform(({ digest, bridges, connected, certificate, xmpp }) => ({
      ok: true as const,
      report: { digest, bridgeCount: bridges, connected, certificate, names: xmpp },
    })),
  z.object({ ok: z.literal(false), error: z.string().transform((text) => printable(text, 600)) }),
]);

/**
 * Makes Prosody's credentials equal to the parameters.
 *
 * @throws ServerUnreachableError, SyncFailedError
 */
export async function syncServer(
  runCommand: RunCommand,
  server: { readonly serverInstanceId: string; readonly syncDocument: string },
): Promise<SyncReport> {
  const action: SyncAction = 'sync';
  const outcome = await runCommand.run({
    document: server.syncDocument,
    instanceId: server.serverInstanceId,
    parameters: { action },
    timeoutSeconds,
  });
  return reportOf(outcome, server.serverInstanceId);
}

function reportOf(outcome: CommandOutcome, instanceId: string): SyncReport {
  switch (outcome.status) {
    case 'unreachable':
      throw new ServerUnreachableError(`SSM does not reach ${instanceId}`);
    case 'timedOut':
      throw new SyncFailedError(`no result within ${timeoutSeconds} s`);
    case 'failed':
      throw new SyncFailedError(
        `exit code ${outcome.exitCode}: ${saidError(outcome.stdout) ?? 'it says no more'}`,
      );
    case 'success': {
      const parsed = lastLine(outcome.stdout);
      if (!parsed.success)
        throw new SyncFailedError(
          `unreadable report: ${printable(z.prettifyError(parsed.error).replaceAll('\n', '; '), 600)}`,
        );
      if (!parsed.data.ok) throw new SyncFailedError(parsed.data.error);
      return parsed.data.report;
    }
  }
}

/** Only the field made for it is repeated: other output of a failed script is not for our log. */
function saidError(stdout: string): string | undefined {
  const parsed = lastLine(stdout);
  return parsed.success && !parsed.data.ok ? parsed.data.error : undefined;
}

function lastLine(stdout: string) {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  return z.string().transform(toJson).pipe(reportSchema).safeParse(line);
}

function toJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'the last line is no JSON' });
    return z.NEVER;
  }
}
