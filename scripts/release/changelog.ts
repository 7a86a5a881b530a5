const unreleased = '## [Unreleased]';

/**
 * The changelog with everything that was unreleased under a new version.
 *
 * @param date the day of the release, `yyyy-mm-dd`
 * @throws when nothing is unreleased, or the version is there already
 */
export function withRelease(changelog: string, version: string, date: string): string {
  if (sectionOf(changelog, 'Unreleased') === '')
    throw new Error('CHANGELOG.md: nothing is under Unreleased; describe the changes there first');
  if (changelog.includes(`\n## [${version}]`))
    throw new Error(`CHANGELOG.md: version ${version} exists; choose another one`);
  return changelog.replace(unreleased, `${unreleased}\n\n## [${version}] - ${date}`);
}

/** The notes of one version, without its heading. @throws when the changelog does not have it */
export function notesOf(changelog: string, version: string): string {
  const notes = sectionOf(changelog, version);
  if (notes === undefined || notes === '')
    throw new Error(`CHANGELOG.md: there are no notes for version ${version}; add them`);
  return notes;
}

function sectionOf(changelog: string, name: string): string | undefined {
  const sections = changelog.split(/^## /m);
  const section = sections.find((text) => text.startsWith(`[${name}]`));
  return section?.slice(section.indexOf('\n') + 1).trim();
}
