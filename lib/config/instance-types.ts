import { holdsToken } from './token';

export type Architecture = 'x86_64' | 'arm64';

export interface TypeFault {
  /** Key below `bridge`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Families on the Xen hypervisor; metal sizes of the same name run on Nitro. */
const xenFamilies = new Set(
  'c1 c3 c4 cc1 cc2 cg1 cr1 d2 f1 g2 g3 g3s h1 hi1 hs1 i2 i3 m1 m2 m3 m4 p2 p3 r3 r4 t1 t2 x1 x1e'.split(
    ' ',
  ),
);

/** Whether tags in the metadata of such an instance change only when it is stopped and started. */
function isXen(type: string): boolean {
  const [family = '', size = ''] = type.split('.');
  return xenFamilies.has(family) && !size.startsWith('metal');
}

/**
 * Processors of Graviton families have a `g` after the digits of their generation; `a1` came
 * first.
 */
export function architectureOf(type: string): Architecture {
  const [family = ''] = type.split('.');
  return family === 'a1' || /^[a-z]+\d+[a-z]*g/.test(family) ? 'arm64' : 'x86_64';
}

/** What the name of a public parameter says of its image; undefined for an image id. */
export function architectureOfImage(imageId: string): Architecture | undefined {
  if (!imageId.startsWith('/') || holdsToken(imageId)) return undefined;
  if (/(^|[/_-])(arm64|aarch64)([/_-]|$)/.test(imageId)) return 'arm64';
  return /(^|[/_-])(amd64|x86_64)([/_-]|$)/.test(imageId) ? 'x86_64' : undefined;
}

/** What is wrong with the instance types of a fleet, as far as their names tell. */
export function instanceTypeFaults(
  instanceTypes: readonly { readonly type: string }[],
  imageId: string,
): readonly TypeFault[] {
  const types = instanceTypes.map(({ type }) => type).filter((type) => !holdsToken(type));
  const xen: TypeFault[] = instanceTypes.flatMap(({ type }, index) =>
    isXen(type)
      ? [
          {
            path: ['instanceTypes', index, 'type'],
            message: `${type} runs on Xen, where an instance sees a new tag only after it was stopped: a bridge would never learn that it is registered; choose a Nitro type, for example c6i.xlarge`,
          },
        ]
      : [],
  );
  const arm = types.find((type) => architectureOf(type) === 'arm64');
  const x86 = types.find((type) => architectureOf(type) === 'x86_64');
  if (arm !== undefined && x86 !== undefined)
    return [
      ...xen,
      {
        path: ['instanceTypes'],
        message: `${arm} is arm64 and ${x86} is x86_64, and a fleet has one image: keep the types of one architecture`,
      },
    ];
  const [first] = types;
  const ofImage = architectureOfImage(imageId);
  if (first === undefined || ofImage === undefined || ofImage === architectureOf(first)) return xen;
  return [
    ...xen,
    {
      path: ['imageId'],
      message: `is an image for ${ofImage}, and ${first} is ${architectureOf(first)}; set imageId to ${otherImage(imageId, architectureOf(first))}, or choose other instance types`,
    },
  ];
}

/** The same public parameter for the other architecture, as Canonical and Debian name them. */
function otherImage(imageId: string, wanted: Architecture): string {
  if (wanted === 'arm64') return imageId.replace('amd64', 'arm64').replace('x86_64', 'arm64');
  return imageId.includes('/canonical/') || imageId.includes('/debian/')
    ? imageId.replace('arm64', 'amd64')
    : imageId.replace('arm64', 'x86_64');
}
