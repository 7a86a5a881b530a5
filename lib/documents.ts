import { Stack } from 'aws-cdk-lib';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';

import { bridgeActions, syncActions } from '../lambdas/core/protocol/documents';
import { documentArn } from './arns';
import type { FleetConfig } from './config/schema';
import {
  folder,
  prepareCommands,
  prepareFiles,
  prepareParameters,
  syncFiles,
  type Choice,
} from './server-programs';
import {
  assignments,
  installLines,
  shellValues,
  type InstalledFile,
  type ShellVariable,
} from './shell-script';

interface ScriptDocumentProps {
  readonly description: string;
  /**
   * The only parameters there are; each is a word out of a list or of a narrow pattern, never
   * free-form shell.
   */
  readonly parameters: Readonly<Record<string, Choice>>;
  readonly timeoutSeconds: number;
  readonly lines: readonly string[];
}

/** An SSM command document of a fleet. */
export interface CommandDocument {
  readonly documentName: string;
  readonly documentArn: string;
}

/** An SSM command document that runs one script of ours. */
export class ScriptDocument extends Construct implements CommandDocument {
  readonly documentName: string;
  readonly documentArn: string;

  constructor(scope: Construct, id: string, props: ScriptDocumentProps) {
    super(scope, id);
    const document = new CfnDocument(this, 'Document', {
      documentType: 'Command',
      documentFormat: 'JSON',
      // In place: the functions and the operator's notes know the document by its name.
      updateMethod: 'NewVersion',
      content: {
        schemaVersion: '2.2',
        description: props.description,
        parameters: Object.fromEntries(
          Object.entries(props.parameters).map(([name, choice]) => [
            name,
            { type: 'String', ...choice },
          ]),
        ),
        mainSteps: [
          {
            action: 'aws:runShellScript',
            name: 'run',
            inputs: { timeoutSeconds: String(props.timeoutSeconds), runCommand: props.lines },
          },
        ],
      },
    });
    this.documentName = document.ref;
    this.documentArn = documentArn(this, document.ref);
  }
}

/** The documents of a fleet. */
export interface CommandDocuments {
  /** Runs on the Jitsi Meet server, once: prepares it for the fleet. */
  readonly prepare: CommandDocument;
  /** Runs on the Jitsi Meet server: makes Prosody's credentials equal to the fleet's. */
  readonly sync: CommandDocument;
  /** Runs on bridges: asks one for its status, or tells it what to do. */
  readonly bridge: CommandDocument;
}

export class FleetDocuments extends Construct implements CommandDocuments {
  readonly prepare: ScriptDocument;
  readonly sync: ScriptDocument;
  readonly bridge: ScriptDocument;

  constructor(scope: Construct, id: string, config: FleetConfig) {
    super(scope, id);
    const values = shellValues(config, Stack.of(this).region);
    const script = (
      files: readonly InstalledFile[],
      variables: readonly ShellVariable[],
      command: string,
    ) => [
      'set -eu',
      'umask 022',
      ...installLines(files),
      ...assignments(values, variables).map((assignment) => `export ${assignment}`),
      command,
    ];

    this.prepare = new ScriptDocument(this, 'Prepare', {
      description: `Jitsi bridges ${config.fleet}: prepares the Jitsi Meet server for the fleet`,
      parameters: prepareParameters[config.server.kind],
      // A restart of Prosody may take a minute to show; being killed half way would leave it half
      // done.
      timeoutSeconds: 600,
      lines: script(
        prepareFiles[config.server.kind],
        [
          'fleet',
          'domain',
          'generation',
          'serverKind',
          'composeProject',
          'statsNode',
          'brewery',
          'collectorUser',
          'serverAddress',
          'componentInterface',
        ],
        prepareCommands[config.server.kind],
      ),
    });

    this.sync = new ScriptDocument(this, 'Sync', {
      description: `Jitsi bridges ${config.fleet}: makes Prosody's credentials equal to the fleet's`,
      parameters: {
        action: {
          description: 'sync changes Prosody, check only tells what it would change.',
          allowedValues: syncActions,
        },
        force: {
          description:
            'yes when more than half of the bridges are to go although some of them are connected.',
          allowedValues: ['no', 'yes'],
          default: 'no',
        },
      },
      timeoutSeconds: 120,
      lines: script(
        syncFiles[config.server.kind],
        [
          'fleet',
          'domain',
          'generation',
          'serverKind',
          'composeProject',
          'brewery',
          'region',
          'parameters',
          'collectorUser',
          'serverAddress',
        ],
        `${folder}/sync.sh {{ action }} --force {{ force }}`,
      ),
    });

    this.bridge = new ScriptDocument(this, 'Bridge', {
      description: `Jitsi bridges ${config.fleet}: asks a bridge for its status or tells it what to do`,
      parameters: {
        action: {
          description: 'What the bridge is to do; a restart is refused while it has participants.',
          allowedValues: bridgeActions,
        },
      },
      timeoutSeconds: 120,
      lines: [`${folder}/bridge.sh {{ action }}`],
    });
  }
}
