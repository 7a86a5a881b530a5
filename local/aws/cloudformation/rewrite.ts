import { createHash } from 'node:crypto';
import {
  attributeValue,
  isKept,
  refValue,
  type StackPlace,
  type TemplateResource,
} from './kept-types';

export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly [section: string]: unknown;
}

/** Member of a stand-in's `Metadata` that carries the resource it stands for. */
export const keptMember = 'LocalGatewayKept';

export interface Rewritten {
  readonly template: Template;
  /** Logical ids of the resources that the gateway keeps. */
  readonly kept: readonly string[];
}

/**
 * Replaces the resources that the emulator refuses by stand-ins, and references to them by what
 * AWS would return. Nothing else is touched. A stand-in is an `AWS::CDK::Metadata`, which deploys
 * nothing: it keeps the place in the order of dependencies, a change of the resource stays a
 * change of the stack, and the emulator resolves the intrinsics in its metadata, where the
 * resource itself is.
 */
export function rewriteTemplate(template: Template, place: StackPlace): Rewritten {
  const resources = Object.entries(template.Resources ?? {});
  const kept = new Map(resources.filter(([, resource]) => isKept(resource)));
  if (kept.size === 0) return { template, kept: [] };
  const replaced = replaceReferences(template, kept, place) as Template;
  const withStandIns = Object.entries(replaced.Resources ?? {}).map(([id, resource]) => [
    id,
    kept.has(id) ? standIn(resource) : resource,
  ]);
  return {
    template: {
      ...replaced,
      Resources: Object.fromEntries(withStandIns) as Record<string, TemplateResource>,
    },
    kept: [...kept.keys()],
  };
}

function standIn({ Type, Properties = {}, ...attributes }: TemplateResource): TemplateResource {
  const text = JSON.stringify([Type, Properties]);
  return {
    ...attributes,
    Type: 'AWS::CDK::Metadata',
    Properties: { Analytics: createHash('sha256').update(text).digest('hex') },
    Metadata: { [keptMember]: { Type, Properties } },
  };
}

type Kept = ReadonlyMap<string, TemplateResource>;

function replaceReferences(value: unknown, kept: Kept, place: StackPlace): unknown {
  if (Array.isArray(value)) return value.map((element) => replaceReferences(element, kept, place));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1) {
    if (name === 'Ref' && typeof argument === 'string') {
      const resource = kept.get(argument);
      return resource === undefined ? value : refValue(argument, resource, place);
    }
    if (name === 'Fn::GetAtt') {
      const [id = '', attribute = ''] =
        typeof argument === 'string' ? argument.split('.') : (argument as string[]);
      const resource = kept.get(id);
      return resource === undefined ? value : attributeValue(id, resource, attribute, place);
    }
    if (name === 'Fn::Sub') return { 'Fn::Sub': substitution(argument, kept, place) };
  }
  return Object.fromEntries(
    entries.map(([key, member]) => [key, replaceReferences(member, kept, place)]),
  );
}

/** In `Fn::Sub`, a kept resource becomes a variable of the same name. */
function substitution(argument: unknown, kept: Kept, place: StackPlace): unknown {
  const [text, variables] = (typeof argument === 'string' ? [argument, {}] : argument) as [
    string,
    Record<string, unknown>,
  ];
  const added: Record<string, unknown> = {};
  const rewritten = text.replace(
    /\$\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}/g,
    (whole, id: string, attribute?: string) => {
      const resource = kept.get(id);
      if (resource === undefined || id in variables) return whole;
      const variable = `${id}${attribute ?? ''}`;
      added[variable] =
        attribute === undefined
          ? refValue(id, resource, place)
          : attributeValue(id, resource, attribute, place);
      return `\${${variable}}`;
    },
  );
  const own = replaceReferences(variables, kept, place) as Record<string, unknown>;
  const all = { ...own, ...added };
  return Object.keys(all).length === 0 ? rewritten : [rewritten, all];
}
