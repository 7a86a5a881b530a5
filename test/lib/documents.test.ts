import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bridgeActions, syncActions } from '../../lambdas/core/protocol/documents';
import { smallestFleet } from './config/example-config';
import { synthesizeFleet, textOf } from './synthesize';

interface Content {
  readonly schemaVersion: string;
  readonly parameters: Record<
    string,
    { type: string; allowedValues?: string[]; allowedPattern?: string; default?: string }
  >;
  readonly mainSteps: {
    action: string;
    inputs: { timeoutSeconds: string; runCommand: unknown[] };
  }[];
}

const documents = Object.entries(synthesizeFleet().findResources('AWS::SSM::Document')) as [
  string,
  { Properties: { Content: Content; DocumentType: string; UpdateMethod: string } },
][];

function contentOf(name: string): Content {
  const found = documents.find(([id]) => id.includes(`Documents${name}`));
  if (found === undefined) throw new Error(`no document ${name}`);
  return found[1].Properties.Content;
}

function scriptOf(name: string): string {
  const [step] = contentOf(name).mainSteps;
  return (step?.inputs.runCommand ?? []).map(textOf).join('\n');
}

test.each([
  ['Prepare', { action: ['apply', 'check', 'undo'], restart: undefined }],
  ['Sync', { action: [...syncActions], force: ['no', 'yes'] }],
  ['Bridge', { action: [...bridgeActions] }],
])('%s takes nothing but words out of its lists', (name, expected) => {
  const { parameters, schemaVersion } = contentOf(name);
  expect(schemaVersion).toBe('2.2');
  expect(
    Object.fromEntries(
      Object.entries(parameters).map(([key, value]) => [key, value.allowedValues]),
    ),
  ).toEqual(expected);
});

test.each([
  ['now', true],
  ['never', true],
  ['at 03:30', true],
  ['at 2030-01-31T03:30Z', true],
  ['at 24:00', false],
  ['at 03:30; reboot', false],
  ['at 03:30\nreboot', false],
  ['$(reboot)', false],
  ['soon', false],
])('takes %j as the time of the restart: %s', (value, taken) => {
  const { allowedPattern = '' } = contentOf('Prepare').parameters['restart'] ?? {};
  expect(new RegExp(allowedPattern).test(value)).toBe(taken);
});

it('does not restart anything unless told so', () => {
  expect(contentOf('Prepare').parameters['restart']?.default).toBe('never');
});

it('keeps the name of a document when its content changes', () => {
  expect(documents.map(([, { Properties }]) => Properties.UpdateMethod)).toEqual(
    documents.map(() => 'NewVersion'),
  );
});

test.each(['Prepare', 'Sync', 'Bridge'])(
  '%s has double braces around its own parameters only, since SSM takes any for a parameter',
  (name) => {
    const { parameters } = contentOf(name);
    const used = scriptOf(name).match(/\{\{.*?\}\}/g) ?? [];
    expect(used.sort()).toEqual(Object.keys(parameters).map((key) => `{{ ${key} }}`));
    expect(scriptOf(name).replaceAll(/\{\{ \w+ \}\}/g, '')).not.toMatch(/\{\{|\}\}/);
  },
);

test.each(['Prepare', 'Sync', 'Bridge'])('%s fits into what SSM takes', (name) => {
  expect(Buffer.byteLength(JSON.stringify(contentOf(name)))).toBeLessThan(64 * 1024);
});

describe('a document of the server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bridges-document-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['Prepare', 'prepare.sh', 'prepare.sh', '755'],
    ['Prepare', 'lua/plan.lua', 'lua/plan.lua', '644'],
    ['Prepare', 'mod_jitsi_bridges.lua', 'prosody/mod_jitsi_bridges.lua', '644'],
    ['Prepare', 'mod_jitsi_bridges_brewery.lua', 'prosody/mod_jitsi_bridges_brewery.lua', '644'],
    ['Prepare', 'lib/prepare-muc.bash', 'lib/prepare-muc.bash', '644'],
    ['Sync', 'sync.sh', 'sync.sh', '755'],
    ['Sync', 'prosody-accounts.lua', 'prosody-accounts.lua', '644'],
    ['Sync', 'lib/sync-accounts.bash', 'lib/sync-accounts.bash', '644'],
  ])('%s installs %s byte for byte, also in a plain POSIX shell', (name, source, target, mode) => {
    const lines = scriptOf(name).replaceAll('/opt/jitsi-bridges', folder).split('\n');
    // All but the last line, which would run what was installed.
    execFileSync('sh', ['-s'], { input: lines.slice(0, -1).join('\n') });
    const installed = join(folder, target);
    expect(readFileSync(installed)).toEqual(
      readFileSync(join(__dirname, '../../userdata/server', source)),
    );
    expect((statSync(installed).mode & 0o777).toString(8)).toBe(mode);
  });

  test.each([
    ['Prepare', '/opt/jitsi-bridges/prepare.sh {{ action }} --restart {{ restart }}'],
    ['Sync', '/opt/jitsi-bridges/sync.sh {{ action }} --force {{ force }}'],
    ['Bridge', '/opt/jitsi-bridges/bridge.sh {{ action }}'],
  ])('%s ends by running it', (name, command) => {
    expect(scriptOf(name).split('\n').at(-1)).toBe(command);
  });

  test.each([
    ['private unless asked', undefined, 'private'],
    ['public when asked', 'public', 'public'],
  ] as const)('has Prosody hear components %s', (_, asked, told) => {
    const { server } = smallestFleet;
    const fleet = synthesizeFleet(
      asked === undefined ? {} : { server: { ...server, componentInterface: asked } },
    );
    const text = JSON.stringify(fleet.findResources('AWS::SSM::Document'));
    expect(text).toContain(`export BRIDGES_COMPONENT_INTERFACE='${told}'`);
    const rules = Object.values(fleet.findResources('AWS::EC2::SecurityGroupIngress'))
      .map((rule) => JSON.stringify(rule))
      .filter((rule) => rule.includes('5347'));
    expect(rules).toEqual([expect.stringContaining('SourceSecurityGroupId')]);
    expect(rules.join()).not.toContain('Cidr');
  });

  it('gives sync the fleet and no more', () => {
    const exports = scriptOf('Sync')
      .split('\n')
      .filter((line) => line.startsWith('export '));
    expect(exports).toEqual([
      "export BRIDGES_FLEET='main'",
      "export BRIDGES_DOMAIN='meet.example.org'",
      "export BRIDGES_GENERATION='component'",
      "export BRIDGES_SERVER_KIND='packages'",
      "export BRIDGES_COMPOSE_PROJECT=''",
      "export BRIDGES_BREWERY='JvbBrewery@internal.auth.meet.example.org'",
      "export BRIDGES_REGION='<AWS::Region>'",
      "export BRIDGES_PARAMETERS='/jitsi-bridges/main'",
      "export BRIDGES_COLLECTOR_USER='bridges-collector'",
      "export BRIDGES_SERVER_ADDRESS='10.0.0.10'",
    ]);
  });
});

test.each([
  ['Prepare', 'prepare.sh'],
  ['Sync', 'sync.sh'],
])('%s installs every part that %s sources', (name, script) => {
  const text = readFileSync(join(__dirname, '../../userdata/server', script), 'utf8');
  const sourced = [...text.matchAll(/^\. "\$home\/(\S+)"$/gm)].map(([, path = '']) =>
    path.replace('${BRIDGES_SERVER_KIND:-packages}', 'packages'),
  );
  expect(sourced.length).toBeGreaterThan(2);
  for (const path of sourced) expect(scriptOf(name)).toContain(` /opt/jitsi-bridges/${path}\n`);
});

describe('documents for a server of containers', () => {
  const { domain, ...others } = smallestFleet;
  expect(domain).toBeDefined();
  const fleet = {
    ...others,
    domain: undefined,
    generation: 'muc',
    server: { ...smallestFleet.server, kind: 'docker', composeProject: 'meet' },
  };
  const found = Object.entries(synthesizeFleet(fleet).findResources('AWS::SSM::Document'));
  const content = (name: string): Content => {
    const [, resource] = found.find(([id]) => id.includes(`Documents${name}`)) ?? [];
    return (resource as { Properties: { Content: Content } }).Properties.Content;
  };
  const script = (name: string) =>
    (content(name).mainSteps[0]?.inputs.runCommand ?? []).map(textOf).join('\n');

  test.each(['Prepare', 'Sync'])('%s fits into what SSM takes', (name) => {
    expect(Buffer.byteLength(JSON.stringify(content(name)))).toBeLessThan(64 * 1024);
  });

  test.each([
    ['Prepare', 'prepare-docker.sh'],
    ['Sync', 'sync.sh'],
  ])('%s installs every part that %s sources for containers', (name, file) => {
    const text = readFileSync(join(__dirname, '../../userdata/server', file), 'utf8');
    const sourced = [...text.matchAll(/^ *\. "\$home\/(\S+)"$/gm)]
      .map(([, path = '']) => path.replace('${BRIDGES_SERVER_KIND:-packages}', 'docker'))
      .filter((path) => path !== 'lib/sync-server.bash');
    expect(sourced.length).toBeGreaterThan(4);
    for (const path of sourced) expect(script(name)).toContain(` /opt/jitsi-bridges/${path}\n`);
  });

  test('say where to look and no names, which are found there', () => {
    for (const name of ['Prepare', 'Sync']) {
      expect(script(name)).toContain("export BRIDGES_SERVER_KIND='docker'");
      expect(script(name)).toContain("export BRIDGES_COMPOSE_PROJECT='meet'");
      expect(script(name)).toContain("export BRIDGES_DOMAIN=''");
      expect(script(name)).toContain("export BRIDGES_BREWERY=''");
    }
  });

  test('prepare writes nothing beside the Compose file unless told so', () => {
    expect(content('Prepare').parameters['publish']).toMatchObject({
      allowedValues: ['no', 'yes'],
      default: 'no',
    });
    expect(script('Prepare').split('\n').at(-1)).toBe(
      '/opt/jitsi-bridges/prepare-docker.sh {{ action }} --restart {{ restart }} --publish {{ publish }}',
    );
  });
});

test.each(['Prepare', 'Sync'])('%s gets no variable that no script on Server A reads', (name) => {
  const folder = join(__dirname, '../../userdata/server');
  const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(sh|bash|lua)$/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  const given = [...scriptOf(name).matchAll(/^export (BRIDGES_\w+)=/gm)].map(
    ([, key]) => key ?? '',
  );
  expect(given.length).toBeGreaterThan(5);
  for (const key of given) expect(scripts).toMatch(new RegExp(`\\b${key}\\b`));
});
