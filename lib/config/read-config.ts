import { existsSync, readFileSync } from 'node:fs';

import { parse } from 'yaml';

import { ConfigError, parseConfig } from './parse-config';
import { deploymentSchema, type DeploymentConfig } from './schema';

/**
 * Reads a config file, YAML or JSON.
 * @param change applied to the content before it is checked; default: none
 * @throws ConfigError when the file cannot be read, is not YAML, or does not fit the schema
 */
export function readConfig(
  file: string,
  change: (content: unknown) => unknown = (content) => content,
): DeploymentConfig {
  return parseConfig(deploymentSchema, change(parseFile(file)), file);
}

function parseFile(file: string): unknown {
  if (!existsSync(file))
    throw new ConfigError(file, ['the file does not exist; copy bridges.example.yaml']);
  try {
    // JSON is YAML.
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(file, [error instanceof Error ? error.message : String(error)]);
  }
}
