import type { FleetConfig } from './config/schema';
import type { InstalledFile } from './shell-script';

/**
 * What runs on Server A, by what Jitsi Meet is there: files, parameters and commands of its
 * documents.
 */
type ByKind<T> = Readonly<Record<FleetConfig['server']['kind'], T>>;

/** A parameter of a document. */
export type Choice = {
  readonly description: string;
  /** @default - the caller has to choose */
  readonly default?: string;
} & (
  | { readonly allowedValues: readonly string[] }
  /** A regular expression, anchored at both ends. */
  | { readonly allowedPattern: string }
);

/** Where programs are on every machine. */
export const folder = '/opt/jitsi-bridges';

const action: Choice = {
  description: 'apply changes the server, check only looks, undo undoes the changes.',
  allowedValues: ['apply', 'check', 'undo'],
};

export const prepareParameters: ByKind<Readonly<Record<string, Choice>>> = {
  packages: {
    action,
    restart: {
      description:
        'Whether services that need it are restarted, which ends running calls: now, never, or at a time in UTC (at 03:30, at 2030-01-31T03:30Z).',
      allowedPattern:
        '^(now|never|at ([01][0-9]|2[0-3]):[0-5][0-9]|at 20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]Z)$',
      default: 'never',
    },
  },
  docker: {
    action,
    restart: {
      description:
        'Whether the container of Prosody is restarted where its images need that (before stable-10741), which ends running calls.',
      allowedValues: ['now', 'never'],
      default: 'never',
    },
    publish: {
      description:
        "Whether the Compose file that publishes Prosody's port on the private address is written; without it the answer says what is in it. Starting the container anew with it is the operator's.",
      allowedValues: ['no', 'yes'],
      default: 'no',
    },
  },
};

export const prepareCommands: ByKind<string> = {
  packages: `${folder}/prepare.sh {{ action }} --restart {{ restart }}`,
  docker: `${folder}/prepare-docker.sh {{ action }} --restart {{ restart }} --publish {{ publish }}`,
};

export const prepareFiles: ByKind<readonly InstalledFile[]> = {
  packages: [
    serverFile('prepare.sh', '755'),
    ...[
      'answer',
      'host-packages',
      'prosody-process',
      'admin-shell',
      'installed',
      'files',
      'programs',
      'take-over',
      'prepare-component',
      'prepare-muc',
      'restart',
    ].map(libraryFile),
    ...[
      'lua/changes.lua',
      'lua/configuration.lua',
      'lua/hocon.lua',
      'lua/jicofo.lua',
      'lua/marked.lua',
      'lua/plan.lua',
      'lua/properties.lua',
      'prosody-accounts.lua',
      'prosody-running.lua',
    ].map((name) => serverFile(name, '644')),
    serverFile('mod_jitsi_bridges.lua', '644', 'prosody/'),
    serverFile('mod_jitsi_bridges_loader.lua', '644', 'prosody/'),
    serverFile('mod_jitsi_bridges_brewery.lua', '644', 'prosody/'),
  ],
  docker: [
    serverFile('prepare-docker.sh', '755'),
    ...[
      'answer',
      'host-docker',
      'prosody-process',
      'admin-shell',
      'docker-files',
      'docker-publish',
    ].map(libraryFile),
    ...dockerFiles(),
  ],
};

export const syncFiles: ByKind<readonly InstalledFile[]> = {
  packages: [
    serverFile('sync.sh', '755'),
    ...[
      'answer',
      'host-packages',
      'prosody-process',
      'admin-shell',
      'sync-server',
      'sync-components',
      'sync-accounts',
    ].map(libraryFile),
    serverFile('prosody-accounts.lua', '644'),
    serverFile('prosody-running.lua', '644'),
  ],
  docker: [
    serverFile('sync.sh', '755'),
    ...[
      'answer',
      'host-docker',
      'prosody-process',
      'admin-shell',
      'docker-files',
      'docker-in-step',
      'sync-components',
      'sync-accounts',
    ].map(libraryFile),
    ...dockerFiles(),
  ],
};

/**
 * Both documents bring what is put into the containers' folders: whichever runs last has the
 * newest.
 */
function dockerFiles(): readonly InstalledFile[] {
  return [
    serverFile('prosody-accounts.lua', '644'),
    serverFile('prosody-running.lua', '644'),
    serverFile('mod_jitsi_bridges_loader.lua', '644', 'prosody/'),
    serverFile('mod_jitsi_bridges_brewery.lua', '644', 'prosody/'),
  ];
}

function serverFile(name: string, mode: string, below = ''): InstalledFile {
  return { source: `server/${name}`, target: `${folder}/${below}${name}`, mode };
}

function libraryFile(name: string): InstalledFile {
  return serverFile(`lib/${name}.bash`, '644');
}
