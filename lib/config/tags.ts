import { z } from 'zod';

import { holdsToken } from './token';

/** AWS takes 50 a resource; the rest is ours. */
const mostTags = 40;
const longestKey = 128;
const longestValue = 256;

/**
 * Keys also become paths of the instance metadata, where spaces and slashes are not allowed: EC2
 * would refuse every launch.
 */
const keyPattern = /^[0-9A-Za-z_+=.@:-]+$/;
/** What every service of AWS takes. */
const valuePattern = /^[\p{L}\p{Z}\p{N}_.:/=+@-]*$/u;

/** The operator's own tags; what is wrong is told per key. */
export const tagsSchema = z.record(z.string(), z.string()).check(({ value, issues }) => {
  const reject = (path: string[], message: string) =>
    issues.push({ code: 'custom', input: value, path, message });
  const keys = Object.keys(value);
  if (keys.length > mostTags) reject([], `must be ${mostTags} tags or fewer`);
  for (const [key, text] of Object.entries(value)) {
    const fault = keyFault(key, keys) ?? valueFault(text);
    if (fault !== undefined) reject([key], fault);
  }
});

function keyFault(key: string, keys: readonly string[]): string | undefined {
  if (/^aws:/i.test(key))
    return 'keys that start with aws: are reserved by AWS; choose another key';
  if (/^bridges:/i.test(key))
    return 'keys that start with bridges: are the fleet’s own; choose another key';
  if (/^name$/i.test(key)) return 'the fleet sets Name itself; choose another key';
  if (key.length > longestKey) return `the key must have ${longestKey} characters or fewer`;
  if (!keyPattern.test(key) || key === '.' || key === '..' || key === '_index')
    return 'the key must be of letters, digits and _ + = . @ : -, since EC2 allows no space or slash in tags that an instance can read';
  const twin = keys.find((other) => other !== key && other.toLowerCase() === key.toLowerCase());
  if (twin !== undefined && twin < key)
    return `differs from ${twin} only by case, which IAM does not allow; remove one`;
  return undefined;
}

function valueFault(text: string): string | undefined {
  if (holdsToken(text)) return undefined;
  if (text.length > longestValue) return `must have ${longestValue} characters or fewer`;
  return valuePattern.test(text)
    ? undefined
    : 'must be of letters, digits, spaces and _ . : / = + @ -';
}
