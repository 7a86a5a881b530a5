import { createHash } from 'node:crypto';
import { AwsError } from '../errors';

const ownBucket = 'local-gateway-templates';

/** Templates in the emulator's S3: where the CDK puts them, and where the rewritten ones go. */
export class TemplateStore {
  constructor(
    private readonly ministackUrl: string,
    private readonly region: string,
  ) {}

  /** Text of the object behind a `TemplateURL`, virtual-hosted or path style. */
  async read(templateUrl: string): Promise<string> {
    const { hostname, pathname } = new URL(templateUrl);
    const bucket = /^(.+?)\.s3[.-]/.exec(hostname)?.[1];
    const path = bucket === undefined ? pathname : `/${bucket}${pathname}`;
    const response = await this.call('GET', path);
    if (response.ok) return response.text();
    throw new AwsError('ValidationError', `S3 error: ${response.status} for ${path}`);
  }

  /**
   * Stores a template and gives the URL to deploy it from. A template in a request is limited to
   * 51,200 bytes, here to 1 MB.
   */
  async write(text: string): Promise<string> {
    const key = `${createHash('sha256').update(text).digest('hex')}.json`;
    await this.call('PUT', `/${ownBucket}`);
    const response = await this.call('PUT', `/${ownBucket}/${key}`, text);
    if (!response.ok) throw new Error(`the template could not be stored: ${response.status}`);
    return `https://s3.${this.region}.amazonaws.com/${ownBucket}/${key}`;
  }

  private call(method: string, path: string, body?: string): Promise<Response> {
    const credential = `test/20200101/${this.region}/s3/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=00`;
    return fetch(new URL(path, this.ministackUrl), {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body }),
    });
  }
}
