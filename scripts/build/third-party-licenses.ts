import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/**
 * Text of the licenses of all packages that bundles were made of: who passes a copy on has to pass
 * them on too. Packages whose licenses say the same word for word share one section.
 *
 * @param inputs files that went into the bundles, relative to the project
 * @throws when a package has neither a license's text nor its name
 */
export function thirdPartyLicenses(inputs: readonly string[]): string {
  const folders = new Set(inputs.flatMap((input) => packageFolder(input) ?? []));
  const packages = new Map<string, Set<string>>();
  for (const folder of [...folders].sort()) {
    const { title, license } = licenseOf(join(root, folder));
    packages.set(license, (packages.get(license) ?? new Set()).add(title));
  }
  const sections = [...packages].map(
    ([license, titles]) => `${[...titles].join('\n')}\n\n${license}\n`,
  );
  return ['The bundles in this folder contain these packages.\n', ...sections].join(
    `\n${'-'.repeat(80)}\n\n`,
  );
}

/** `node_modules/a/node_modules/@b/c` of `node_modules/a/node_modules/@b/c/dist/d.js`. */
function packageFolder(input: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

function licenseOf(folder: string): { readonly title: string; readonly license: string } {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as { readonly name: string; readonly version: string; readonly license?: string };
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)(\.\w+)?$/i.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const text = texts.join('\n\n') || license;
  if (text === undefined) throw new Error(`${name} says nothing of its license`);
  return { title: `${name} ${version}`, license: text };
}
