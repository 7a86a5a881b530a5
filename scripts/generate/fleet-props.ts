import { describeKeys, type KeyNode } from '../../lib/config/describe-keys';
import { deploymentSchema } from '../../lib/config/schema';

/**
 * Name of the interface of each section of the config, and of an entry of each list of sections.
 */
const interfaces: Readonly<Record<string, string>> = {
  server: 'ServerOptions',
  bridge: 'BridgeOptions',
  'bridge.instanceTypes': 'InstanceTypeOptions',
  'bridge.spot': 'SpotOptions',
  packages: 'PackageOptions',
  policy: 'PolicyOptions',
  'policy.schedules': 'ScheduleOptions',
  collector: 'CollectorOptions',
  teardown: 'TeardownOptions',
};

/**
 * Keys of the config file that say where the stack is deployed; the others are props of the
 * construct.
 */
const ofStack = ['region', 'account'];

/** Keys whose type the CDK has a name for. */
const cdkTypes: Readonly<Record<string, string>> = { logRetentionDays: 'RetentionDays' };

const columns = 100;

/**
 * lib/fleet-props.ts: the props of `BridgeFleet` and `FleetStack` as plain interfaces, out of the
 * schema that checks them, so that sentences, defaults and types have one source.
 */
export function fleetProps(): string {
  const root = describeKeys(deploymentSchema);
  const keys = Object.keys(root.properties ?? {});
  return [
    '/* Made by `npm run docs` out of lib/config/schema.ts; do not edit. */',
    "import type { RetentionDays } from 'aws-cdk-lib/aws-logs';",
    '',
    ...interfaceOf('BridgeFleetProps', root, {
      text: 'One fleet of bridges for one Jitsi Meet server.',
      keys: keys.filter((key) => !ofStack.includes(key)),
    }),
    ...interfaceOf('FleetStackProps extends BridgeFleetProps', root, {
      text: 'What a config file holds: the props of `BridgeFleet`, and where the stack is deployed.',
      keys: ofStack,
    }),
    ...sectionsOf(root),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function sectionsOf(node: KeyNode, prefix = ''): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const path = `${prefix}${key}`;
    const section = child.items ?? child;
    if (section.properties === undefined) return [];
    const text = child.items === undefined ? child.description : `An entry of \`${path}\`.`;
    return [
      ...interfaceOf(nameOf(path), section, { text: text ?? '', path: `${path}.` }),
      ...sectionsOf(section, `${path}.`),
    ];
  });
}

function interfaceOf(
  name: string,
  node: KeyNode,
  {
    text,
    path = '',
    keys = Object.keys(node.properties ?? {}),
  }: { readonly text: string; readonly path?: string; readonly keys?: readonly string[] },
): string[] {
  return [
    ...comment([text], ''),
    `export interface ${name} {`,
    ...keys.flatMap((key) => {
      const child = node.properties?.[key] ?? {};
      const isRequired = node.required?.includes(key) ?? false;
      const type = cdkTypes[key] ?? typeOf(child, `${path}${key}`);
      return [
        ...comment([child.description ?? '', ...defaultOf(child, isRequired)], '  '),
        `  readonly ${key}${isRequired ? '' : '?'}: ${type};`,
      ];
    }),
    '}',
    '',
  ];
}

function typeOf(node: KeyNode, path: string): string {
  if (node.properties !== undefined) return nameOf(path);
  if (node.items !== undefined) {
    const entry = typeOf(node.items, path);
    return `readonly ${entry.includes(' ') ? `(${entry})` : entry}[]`;
  }
  if (node.enum !== undefined) return node.enum.map(literal).join(' | ');
  if (node.type === 'object') return 'Readonly<Record<string, string>>';
  return node.type === 'integer' ? 'number' : (node.type ?? 'unknown');
}

function nameOf(path: string): string {
  const name = interfaces[path];
  if (name === undefined) throw new Error(`scripts/generate/fleet-props.ts: name ${path} here`);
  return name;
}

function defaultOf(node: KeyNode, isRequired: boolean): string[] {
  if (isRequired) return [];
  if (node.properties !== undefined) return ['@default - the defaults of its keys'];
  if (node.default !== undefined) return [`@default ${literal(node.default)}`];
  return [`@default - ${node.unset ?? 'none'}`];
}

/** A value as TypeScript writes it. */
function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).map(([key, field]) => `${key}: ${literal(field)}`);
  if (fields.length === 0) return '{}';
  return `{ ${fields.join(', ')} }`;
}

/** A doc comment, on one line where that fits; each part begins a line. */
function comment(parts: readonly string[], indent: string): string[] {
  const [only = ''] = parts;
  if (parts.length === 1 && indent.length + only.length + 7 <= columns)
    return [`${indent}/** ${only} */`];
  const lines = parts.flatMap((part) => wrapped(part, columns - indent.length - 3));
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
}

function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (`${line} ${word}`.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
