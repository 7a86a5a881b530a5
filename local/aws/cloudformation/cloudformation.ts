import {
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { AwsError } from '../errors';
import type { Send } from '../interceptor';
import { checkReservations } from '../lambda/account-quota';
import { reservedConcurrency, type ConcurrencyKeeper } from '../lambda/reserved-concurrency';
import type { VpcFunctions } from '../lambda/vpc-functions';
import type { AwsRequest, RawRequest } from '../protocol/request';
import { writeResult, type RawResponse } from '../protocol/response';
import type { KeptResources } from './kept-resources';
import { rewriteTemplate, type Template } from './rewrite';
import type { TemplateStore } from './template-store';

export interface CloudFormationOptions {
  /** Of the emulator, not of the gateway. */
  readonly client: CloudFormationClient;
  readonly templates: TemplateStore;
  readonly kept: KeptResources;
  readonly concurrency: ConcurrencyKeeper;
  readonly vpcFunctions: VpcFunctions;
  readonly accountId: string;
  readonly region: string;
  /** Lambda's quota of concurrent executions. */
  readonly concurrencyQuota: number;
}

/** A template on its way in. */
interface Submission {
  readonly stackName: string;
  readonly original: string;
  readonly template: Template;
  readonly kept: readonly string[];
}

const pollMilliseconds = 100;

/**
 * CloudFormation as the emulator has it, for templates with resources that it refuses: those are
 * taken out on the way in and registered with the gateway when the stack is complete.
 */
export class CloudFormation {
  /** By change set name and stack name. */
  private readonly changeSets = new Map<string, Submission>();
  /** Templates of the deployed stacks as they were submitted. */
  private readonly originals = new Map<string, string>();
  private readonly deployments = new Map<string, Promise<void>>();

  constructor(private readonly options: CloudFormationOptions) {}

  async answer(request: AwsRequest, send: Send): Promise<RawResponse> {
    const stackName = nameOf(text(request, 'StackName'));
    switch (request.action) {
      case 'CreateChangeSet':
      case 'CreateStack':
      case 'UpdateStack':
        return this.submit(request, stackName, send);
      case 'ExecuteChangeSet': {
        const response = await send(request.raw);
        const submission = this.changeSets.get(this.changeSetKey(request, stackName));
        if (response.status === 200 && submission !== undefined) this.follow(submission);
        return response;
      }
      case 'DescribeStacks': {
        const response = await send(request.raw);
        // Complete means complete with what the gateway keeps: whoever waits for the stack uses it
        // next.
        if (/<StackStatus>\w+_COMPLETE</.test(response.body.toString())) {
          await Promise.all(this.deployments.values());
        }
        return response;
      }
      case 'GetTemplate': {
        const original = this.originals.get(stackName);
        if (original === undefined || 'ChangeSetName' in request.input) return send(request.raw);
        // The submitted one, so that `cdk diff` and a deploy without changes see no difference.
        const StagesAvailable = ['Original', 'Processed'];
        return writeResult(request, { TemplateBody: original, StagesAvailable }, 'local');
      }
      case 'DeleteStack': {
        const response = await send(request.raw);
        if (response.status === 200) this.followDeletion(stackName);
        return response;
      }
      default:
        return send(request.raw);
    }
  }

  private async submit(request: AwsRequest, stackName: string, send: Send): Promise<RawResponse> {
    const { templates, accountId, region } = this.options;
    const url = text(request, 'TemplateURL');
    const original = url === '' ? text(request, 'TemplateBody') : await templates.read(url);
    const template = parseTemplate(original);
    if (template === undefined) return send(request.raw);
    checkReservations(reservedConcurrency(template).values(), this.options.concurrencyQuota);
    const place = { stackName, accountId, region };
    const { template: rewritten, kept } = rewriteTemplate(template, place);
    const raw =
      kept.length === 0
        ? request.raw
        : withTemplate(request.raw, await templates.write(JSON.stringify(rewritten)));
    const response = await send(raw);
    if (response.status !== 200) return response;
    const submission = { stackName, original, template, kept };
    if (request.action === 'CreateChangeSet') {
      this.changeSets.set(this.changeSetKey(request, stackName), submission);
    } else {
      this.follow(submission);
    }
    return response;
  }

  private changeSetKey(request: AwsRequest, stackName: string): string {
    const changeSet = text(request, 'ChangeSetName');
    const name = /:changeSet\/([^/]+)/.exec(changeSet)?.[1] ?? changeSet;
    return `${stackName}/${name}`;
  }

  /** Waits for a deployment to end; when it succeeded, the kept resources follow it. */
  private follow(submission: Submission): void {
    const { stackName, original, template, kept } = submission;
    const done = this.completed(stackName)
      .then(async (status) => {
        if (status !== 'CREATE_COMPLETE' && !status.startsWith('UPDATE_COMPLETE')) return;
        this.originals.set(stackName, original);
        await this.options.concurrency.apply(stackName, template);
        await this.options.vpcFunctions.learn(stackName, template);
        await this.options.kept.register(stackName, kept);
      })
      .catch((error: unknown) => {
        console.error(`gateway: stack ${stackName}: ${String(error)}`);
      })
      .finally(() => {
        if (this.deployments.get(stackName) === done) this.deployments.delete(stackName);
      });
    this.deployments.set(stackName, done);
  }

  /**
   * Takes from what is kept of a stack what the deletion has come to: a custom resource may still
   * need documents, and rely on schedules being gone.
   */
  private followDeletion(stackName: string): void {
    const done = this.deleted(stackName)
      .then((isGone) => {
        if (!isGone) return;
        this.originals.delete(stackName);
        this.options.concurrency.remove(stackName);
      })
      .catch((error: unknown) => {
        console.error(`gateway: stack ${stackName}: ${String(error)}`);
      })
      .finally(() => {
        if (this.deployments.get(stackName) === done) this.deployments.delete(stackName);
      });
    this.deployments.set(stackName, done);
  }

  /** False when the deletion failed and the stack is still there. */
  private async deleted(stackName: string): Promise<boolean> {
    const { client, kept } = this.options;
    for (;;) {
      try {
        const status = await this.status(stackName);
        const { StackResources = [] } = await client.send(
          new DescribeStackResourcesCommand({ StackName: stackName }),
        );
        kept.retain(
          stackName,
          StackResources.flatMap(({ LogicalResourceId }) => LogicalResourceId ?? []),
        );
        if (!status.endsWith('IN_PROGRESS')) return status === 'DELETE_COMPLETE';
      } catch (error) {
        // The emulator no longer knows a stack that is gone.
        if (!(error instanceof Error && error.name === 'ValidationError')) throw error;
        kept.retain(stackName, []);
        return true;
      }
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    }
  }

  private async completed(stackName: string): Promise<string> {
    for (;;) {
      const status = await this.status(stackName);
      if (!status.endsWith('IN_PROGRESS')) return status;
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    }
  }

  private async status(stackName: string): Promise<string> {
    const reply = await this.options.client.send(
      new DescribeStacksCommand({ StackName: stackName }),
    );
    return reply.Stacks?.[0]?.StackStatus ?? '';
  }
}

function text({ input }: AwsRequest, member: string): string {
  const value = input[member];
  return typeof value === 'string' ? value : '';
}

/** Stack name out of a name or an ARN. */
function nameOf(stack: string): string {
  return /:stack\/([^/]+)/.exec(stack)?.[1] ?? stack;
}

/** Only JSON is looked into; it is what the CDK writes. Templates in YAML go on as they are. */
function parseTemplate(source: string): Template | undefined {
  if (!source.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(source) as Template;
  } catch {
    throw new AwsError('ValidationError', 'Template format error: JSON not well-formed.');
  }
}

function withTemplate(raw: RawRequest, url: string): RawRequest {
  const form = new URLSearchParams(raw.body.toString('utf8'));
  form.delete('TemplateBody');
  form.set('TemplateURL', url);
  return { ...raw, body: Buffer.from(form.toString()) };
}
