import { EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MachineHost } from '../machines/machine-host';
import { Audit } from './audit';
import { awsBehaviour, type Behaviour } from './behaviour';
import { CloudFormation } from './cloudformation/cloudformation';
import { documentKeeper } from './cloudformation/kept-documents';
import { KeptResources } from './cloudformation/kept-resources';
import { TemplateStore } from './cloudformation/template-store';
import { realClock, type Clock } from './clock';
import { MetricStore } from './cloudwatch/metric-store';
import { cloudWatchHandlers } from './cloudwatch/handlers';
import type { Ec2 } from './ec2/ec2';
import { ec2Handlers } from './ec2/handlers';
import { DeployedLaunchTemplates } from './ec2/launch-templates';
import { Images } from './ec2/images';
import { Launcher } from './ec2/launcher';
import { ServiceRoles } from './ec2/service-roles';
import { Ec2Model } from './ec2/model';
import { RuleDispatcher } from './events';
import type { Faults } from './faults';
import type { HandlerTable } from './handler';
import type { AccessLog } from './iam/access-log';
import { Authorizer } from './iam/authorizer';
import { Gate } from './iam/gate';
import { DeployedPolicies, type PolicySource } from './iam/policy-source';
import type { AuthorizationWorld } from './iam/world';
import { randomIds, type Ids } from './ids';
import { readDeliverySettings } from './lambda/delivery-settings';
import { EventQueue } from './lambda/event-queue';
import { invokeEvents } from './lambda/invoke-events';
import { invokeWith } from './lambda/invoker';
import { queueSender } from './lambda/queue-sender';
import { ConcurrencyKeeper } from './lambda/reserved-concurrency';
import { Principals } from './principals';
import type { RawRequest } from './protocol/request';
import type { RawResponse } from './protocol/response';
import { Proxy } from './proxy';
import { Router } from './router';
import { mayStart } from './scheduler/may-start';
import { firstOf } from './interceptor-chain';
import { Throttles } from './throttles';
import { limitParameters } from './ssm/parameter-limits';
import { Agents } from './ssm/agents';
import { instanceRole } from './ec2/instance-role';
import { VpcFunctions } from './lambda/vpc-functions';
import { accountSettings } from './lambda/account-quota';
import { FunctionRights } from './lambda/function-rights';
import { Chance } from './chance';
import { schedulerApi } from './scheduler/scheduler-api';
import { Schedules } from './scheduler/schedules';
import { CommandStore } from './ssm/commands';
import { DocumentStore } from './ssm/documents';
import { ssmHandlers } from './ssm/handlers';
import { readParameterTags } from './ssm/parameter-tags';

export interface GatewayOptions {
  /** 0 for any free one. */
  readonly port: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** Where ministack listens, e.g. `http://127.0.0.1:4567`. */
  readonly ministackUrl: string;
  readonly machines: MachineHost;
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** @default '123456789012' */
  readonly accountId?: string;
  /** @default 'us-east-1' */
  readonly region?: string;
  /** What differs from an ordinary account. */
  readonly behaviour?: Partial<Behaviour>;
  /** Where roles have their policies. @default the emulator's IAM */
  readonly policies?: PolicySource;
}

/**
 * The AWS API of the embedded cloud: ours where ministack falls short, ministack behind it for the
 * rest.
 */
export interface Gateway {
  /** `http://127.0.0.1:<port>`, from this machine. */
  readonly url: string;
  readonly accountId: string;
  readonly region: string;
  readonly ec2: Ec2Model;
  readonly documents: DocumentStore;
  readonly commands: CommandStore;
  readonly metrics: MetricStore;
  readonly audit: Audit;
  /** Every access that policies were asked about. */
  readonly accesses: AccessLog;
  readonly policies: PolicySource;
  /** What ministack refused to deploy. */
  readonly kept: KeptResources;
  readonly events: RuleDispatcher;
  readonly principals: Principals;
  /** Set its members to order faults. */
  readonly faults: Faults;
  readonly clock: Clock;
  readonly ministackUrl: string;
  close(): Promise<void>;
}

/** Largest body that is read; Lambda's code comes through S3, whose parts stay below it. */
const largestBody = 300 * 1024 * 1024;

/** Starts the gateway; resolves when it listens. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { machines, ministackUrl, clock = realClock, ids = randomIds } = options;
  const { accountId = '123456789012', region = 'us-east-1', host = '127.0.0.1' } = options;
  const faults: Faults = {};
  const client = {
    endpoint: ministackUrl,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const lambda = new LambdaClient(client);
  const eventBridge = new EventBridgeClient(client);
  const cloudFormationClient = new CloudFormationClient(client);
  const ec2Client = new EC2Client(client);
  // What throttling means, the queue decides.
  const invokingLambda = new LambdaClient({ ...client, maxAttempts: 1 });
  const iam = new IAMClient(client);
  const ssmClient = new SSMClient(client);
  const place = { accountId, region };
  const behaviour: Behaviour = { ...awsBehaviour, ...options.behaviour };
  const policies = options.policies ?? new DeployedPolicies(iam);
  const authorizer = new Authorizer({ ...place, policies, clock });

  const chance = new Chance(behaviour.seed);
  const principals = new Principals({
    ...place,
    lambda,
    // CloudFormation starts custom resources' functions by itself; they are seen when they call.
    onFunction: (name) => void rights.run(name).catch(() => undefined),
  });
  const vpcFunctions = new VpcFunctions(cloudFormationClient);
  const rights = new FunctionRights({
    ...place,
    authorizer,
    principals,
    lambda,
    vpc: vpcFunctions,
  });
  const invoke = invokeWith(invokingLambda);
  const queue = new EventQueue({
    ...place,
    invoke: async (target, payload) => {
      await rights.run(target.name);
      return invoke(target, payload);
    },
    settingsOf: (target) => readDeliverySettings(lambda, target),
    sendToQueue: queueSender(ministackUrl),
    mayReport: (name, destinationArn) => rights.mayReport(name, destinationArn),
    clock,
    ids,
  });
  const schedules = new Schedules({
    ...place,
    queue,
    clock,
    ids,
    phase: (name) =>
      behaviour.schedulePhase === 'none' ? 0 : new Chance(behaviour.seed).next(name) * 60_000,
    mayStart: mayStart(authorizer, principals),
  });
  const events = new RuleDispatcher({ ...place, client: eventBridge, queue, clock, ids });
  const delay = (): number => chance.milliseconds(behaviour.ec2Delay, 'ec2');
  const model = new Ec2Model({ machines, clock, ids, events, delay });
  const common = { machines, clock, ids, accountId, region, model };
  const images = new Images({ machines, clock, ids });
  const world: AuthorizationWorld = {
    ...place,
    model,
    images,
    parameterTags: (name) => readParameterTags(ssmClient, name),
  };
  const ec2: Ec2 = {
    ...common,
    images,
    behaviour,
    serviceRoles: new ServiceRoles(authorizer, accountId),
    chance,
    launcher: new Launcher({
      model,
      clock,
      ids,
      accountId,
      faults,
      images,
      behaviour,
      authorizer,
      policies,
      world,
    }),
    templates: new DeployedLaunchTemplates(ec2Client, ministackUrl),
  };
  const documents = new DocumentStore();
  const commands = new CommandStore();
  const metrics = new MetricStore();
  const handlers: HandlerTable = {
    ec2: ec2Handlers(ec2),
    ssm: ssmHandlers({
      ...common,
      documents,
      commands,
      faults,
      agents: new Agents({
        ...place,
        authorizer,
        principals,
        roleOf: (instance) => instanceRole(model, policies, instance),
      }),
    }),
    monitoring: cloudWatchHandlers({
      store: metrics,
      clock,
      delay: () => chance.milliseconds(behaviour.metricDelay, 'metrics'),
    }),
  };

  const audit = new Audit();
  const proxy = new Proxy(new URL(ministackUrl));
  const kept = new KeptResources({
    ...place,
    client: cloudFormationClient,
    keepers: {
      'AWS::SSM::Document': documentKeeper(documents, clock),
      'AWS::Scheduler::Schedule': schedules,
    },
  });
  const cloudFormation = new CloudFormation({
    ...place,
    client: cloudFormationClient,
    kept,
    templates: new TemplateStore(ministackUrl, region),
    concurrency: new ConcurrencyKeeper({ cloudFormation: cloudFormationClient, lambda }),
    vpcFunctions,
    concurrencyQuota: behaviour.concurrencyQuota,
  });
  const interceptors = {
    lambda: firstOf(
      invokeEvents(queue, (name) => rights.run(name)),
      accountSettings(behaviour.concurrencyQuota),
    ),
    scheduler: schedulerApi(schedules),
    ssm: limitParameters,
  };
  const calls = { handlers, interceptors, proxy, cloudFormation };
  const gate = new Gate({ authorizer, policies, world });
  const throttles = behaviour.throttles === 'on' ? new Throttles(clock) : undefined;
  const router = new Router({ ...calls, audit, principals, gate, throttles, faults, clock });

  const server = createServer((incoming, outgoing) => {
    readRequest(incoming)
      .then((raw) => router.answer(raw, incoming.socket))
      .then((response) => {
        write(outgoing, response);
      })
      .catch((error: unknown) => {
        write(outgoing, { status: 502, headers: {}, body: `gateway: ${String(error)}` });
      });
  });
  // Lambda invocations and S3 uploads take as long as they take.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    accountId,
    region,
    ec2: model,
    documents,
    commands,
    metrics,
    audit,
    accesses: authorizer.log,
    policies,
    kept,
    events,
    principals,
    faults,
    clock,
    ministackUrl,
    close: async () => {
      schedules.stop();
      queue.stop();
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      server.closeAllConnections();
      await closed;
      proxy.close();
      const clients = [
        lambda,
        invokingLambda,
        eventBridge,
        cloudFormationClient,
        ec2Client,
        iam,
        ssmClient,
      ];
      for (const each of clients) each.destroy();
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<RawRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  const { method = 'GET', url = '/', headers } = incoming;
  return { method, url, headers, body: Buffer.concat(chunks) };
}

function write(outgoing: ServerResponse, { status, headers, body }: RawResponse): void {
  outgoing.writeHead(status, headers);
  outgoing.end(body);
}
