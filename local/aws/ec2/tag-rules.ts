import { AwsError } from '../errors';

const maximumTags = 50;

/**
 * Rules of the EC2 user guide, "Tag restrictions" and "Work with instance tags in instance
 * metadata": keys of 1–128 characters, values of at most 256, no `aws:` prefix, at most 50 tags;
 * and when the instance's tags are in its metadata, no space or slash in a key, nor the keys `.`,
 * `..`, `_index`.
 */
export function checkTags(
  tags: ReadonlyMap<string, string>,
  instanceMetadataTags: 'enabled' | 'disabled',
): void {
  if (tags.size > maximumTags) {
    throw new AwsError('TagLimitExceeded', 'You have reached the maximum number of tags.');
  }
  for (const [key, value] of tags) {
    if (key.startsWith('aws:')) {
      throw new AwsError(
        'InvalidParameterValue',
        `Tag keys starting with 'aws:' are reserved: ${key}`,
      );
    }
    if (key.length === 0 || key.length > 128 || value.length > 256) {
      throw new AwsError('InvalidParameterValue', `Tag key or value is too long: ${key}`);
    }
    const unfit = /[ /]/.test(key) || ['.', '..', '_index'].includes(key);
    if (instanceMetadataTags === 'enabled' && unfit) {
      throw new AwsError(
        'InvalidParameterValue',
        `'${key}' is not a valid tag key. Tag keys must match pattern ([0-9a-zA-Z\\-_+=,.@:]{1,255}), and must not be a reserved name ('.', '..', '_index')`,
      );
    }
  }
}
