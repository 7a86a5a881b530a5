/** SSM parameter names of one fleet. Nothing outside this path is read or written. */
export interface ParameterNames {
  /** `/jitsi-bridges/<fleet>`, the path that grants are limited to. */
  readonly root: string;
  /** Path below which each live bridge has its secret. */
  readonly bridges: string;
  /** SecureString: the collector's XMPP password. */
  readonly collectorPassword: string;
  /**
   * JSON `{"fingerprint","pem"}` of the leaf certificate that clients of `auth.<domain>` pin;
   * without `pem` where it has so many names that it does not fit.
   */
  readonly serverCertificate: string;
  /**
   * JSON of `ServerNames`, where they are found on the server (`server.kind: docker`) and not in
   * the config.
   */
  readonly serverNames: string;
  /** What one tick tells the next, JSON of at most 4 KB. */
  readonly memory: string;
  /** The operator's active overrides, JSON. */
  readonly override: string;
  /** Prebaked image to launch from, JSON; absent until one is made. */
  readonly image: string;
}

export function parameterNames(fleet: string): ParameterNames {
  const root = `/jitsi-bridges/${fleet}`;
  return {
    root,
    bridges: `${root}/bridges`,
    collectorPassword: `${root}/collector/password`,
    serverCertificate: `${root}/server/certificate`,
    serverNames: `${root}/server/names`,
    memory: `${root}/memory`,
    override: `${root}/override`,
    image: `${root}/image`,
  };
}

/**
 * SecureString with the XMPP secret of the bridge on one instance; tagged {@link secretOwnerTag} =
 * the instance's ARN.
 */
export function bridgeSecretName(fleet: string, instanceId: string): string {
  return `${parameterNames(fleet).bridges}/${instanceId}/secret`;
}

/**
 * Key of the parameter tag that binds a secret to its instance: a bridge's role may read only what
 * carries its own ARN.
 */
export const secretOwnerTag = 'bridges:instance';

/** Instance id out of a secret's parameter name, or undefined for a foreign name. */
export function instanceIdOfSecret(fleet: string, parameterName: string): string | undefined {
  const prefix = `${parameterNames(fleet).bridges}/`;
  if (!parameterName.startsWith(prefix)) return undefined;
  return /^(i-[0-9a-f]{8,17})\/secret$/.exec(parameterName.slice(prefix.length))?.[1];
}
