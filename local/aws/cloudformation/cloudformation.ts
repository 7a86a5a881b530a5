import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Clock } from '../clock';
import type { AwsRequest, RawRequest } from '../protocol/request';
import type { RawResponse } from '../protocol/response';
import type { DocumentStore } from '../ssm/documents';

export interface CloudFormationOptions {
  readonly client: CloudFormationClient;
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  readonly ministackUrl: string;
}

export type Send = (raw: RawRequest) => Promise<RawResponse>;

export class CloudFormation {
  constructor(readonly options: CloudFormationOptions) {}

  async answer(request: AwsRequest, send: Send): Promise<RawResponse> {
    return send(request.raw);
  }
}
