import { notesOf, withRelease } from '../../../scripts/release/changelog';

const changelog = [
  '# Changelog',
  '',
  '## [Unreleased]',
  '',
  '### Added',
  '',
  '- A new command.',
  '',
  '## [0.1.0] - 2026-11-01',
  '',
  '- The first release.',
  '',
].join('\n');

describe('a release', () => {
  const released = withRelease(changelog, '0.2.0', '2026-12-01');

  it('has the changes that were unreleased as its notes', () => {
    expect(notesOf(released, '0.2.0')).toBe('### Added\n\n- A new command.');
    expect(released).toContain('\n## [0.2.0] - 2026-12-01\n');
  });

  it('leaves an empty section for what comes next, and older releases as they were', () => {
    expect(() => withRelease(released, '0.3.0', '2026-12-02')).toThrow(
      'nothing is under Unreleased',
    );
    expect(notesOf(released, '0.1.0')).toBe('- The first release.');
  });

  it('is rejected when its version exists', () => {
    expect(() => withRelease(changelog, '0.1.0', '2026-12-01')).toThrow('version 0.1.0 exists');
  });
});

it('has no notes for a version that the changelog does not know', () => {
  expect(() => notesOf(changelog, '9.9.9')).toThrow('no notes for version 9.9.9');
});
