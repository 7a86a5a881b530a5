import { describeKeys, type KeyNode } from './describe-keys';
import { deploymentSchema } from './schema';

/**
 * docs/configuration.md: every key of the config file with its sentence and default, out of the
 * schema.
 */
export function configurationReference(): string {
  const root = describeKeys(deploymentSchema);
  return [
    '# Configuration',
    '',
    '<!-- Made by `npm run docs` out of lib/config/schema.ts; do not edit. -->',
    '',
    'One YAML or JSON file describes one fleet: `npx cdk deploy -c config=bridges.yaml`.',
    '[bridges.example.yaml](../bridges.example.yaml) is an annotated example. The props of the construct',
    '`BridgeFleet` are the same, without `region` and `account`. A key that does not exist is refused.',
    '',
    '<!-- prettier-ignore-start -->',
    '',
    ...section(undefined, root, ''),
    '<!-- prettier-ignore-end -->',
    '',
  ].join('\n');
}

/** A table of one section's keys, then its sections below it. */
function section(title: string | undefined, node: KeyNode, prefix: string): string[] {
  const keys = Object.entries(node.properties ?? {});
  const subsections = keys.flatMap(([key, child]) => {
    const keyed = child.items?.properties === undefined ? child : child.items;
    if (keyed.properties === undefined) return [];
    const name = `${prefix}${key}${keyed === child ? '' : '[]'}`;
    return section(name, keyed, `${name}.`);
  });
  return [
    ...(title === undefined ? [] : [`## ${title}`, '']),
    ...(title === undefined || node.description === undefined ? [] : [node.description, '']),
    '| key | default | |',
    '| --- | --- | --- |',
    ...keys.map(
      ([key, child]) =>
        `| \`${key}\` | ${defaultOf(child, node.required?.includes(key) ?? false)} | ${cell(child)} |`,
    ),
    '',
    ...subsections,
  ];
}

function defaultOf(node: KeyNode, required: boolean): string {
  if (node.properties !== undefined) return required ? '**required**' : 'see below';
  if (node.default !== undefined) return `\`${JSON.stringify(node.default)}\``;
  return required ? '**required**' : (node.unset ?? 'none');
}

function cell({ description = '', enum: choices }: KeyNode): string {
  const allowed =
    choices === undefined || typeof choices[0] === 'number'
      ? ''
      : ` One of ${choices.map((choice) => `\`${String(choice)}\``).join(', ')}.`;
  return `${description}${allowed}`.replaceAll('|', '\\|');
}
