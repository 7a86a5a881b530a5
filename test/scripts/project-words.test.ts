import { languageRules } from '../../scripts/language/rules';

/** Phrases that were in this project's texts once, and must not come back. */
test.each([
  'bridges appear when people come and vanish',
  'It then tells how to reach it',
  'once, and soon',
  'What is true is always read anew from where it is true',
  'What is not a sane report of a bridge of ours is refused and counted',
  'at your desk',
  '**By itself**',
  'A bridge that stays held is worth a visit',
  '2 bridges would do; 240 s of patience left',
  'i-0123456789abcdef0 said: nothing',
  'another secret for a bridge that is drained and empty',
  'one of its own unless given',
  'other bounds than the policy has',
  'what is under way goes on',
  'i-0123456789abcdef0 is no bridge of fleet main',
  'change them first with {"action":"bounds"}',
  'must be of type object, not null',
  'Too small: expected number to be >=0',
  'small letters',
  'Counts as it was last deployed',
  'how often meetings are drawn',
  'Silence is what has it looked after',
  'the automatic',
  'commands in force',
  'bridges held ready for chance',
  'in the mean',
  'two looks',
])('"%s" is found', (text) => {
  const rules = languageRules.filter(({ where }) => where !== 'identifiers');
  expect(rules.some(({ pattern }) => pattern.test(text))).toBe(true);
});
