import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';

import type { Behaviour } from '../aws/behaviour';
import { startGateway, type Gateway } from '../aws/gateway';
import { startImds } from '../aws/imds/server';
import { startMinistack } from '../aws/ministack';
import { buildRepository } from '../jitsi/packages/repository';
import { serveRepository } from '../jitsi/packages/server';
import { FocusClient } from '../load/focus-client';
import { MeetingLoad } from '../load/meeting-load';
import { Sentinels } from '../load/sentinels';
import { rootFileSystem } from '../machines/root-file-system';
import { SandboxHost } from '../machines/sandbox-host';
import { apiUrl, cloud, dummyCredentials, serverA } from './addresses';
import { deployWithCdk, type StackOutputs } from './cdk';
import { DecisionLog } from './decision-log';
import { localFleetConfig, type LocalPolicy } from './fleet-config';
import { prepareContainers, prepareServerA } from './prepare-server-a';
import { onServerA, startServerA, type Generation, type ServerKind } from './server-a';
import { containers, prosodyContainer, startServerOfContainers } from './server-of-containers';

const projectRoot = resolve(__dirname, '../..');

export interface CloudOptions {
  readonly generation: Generation;
  readonly server: ServerKind;
  readonly policy: LocalPolicy;
  /** Scratch folder in memory, private to the cloud; goes with it. */
  readonly scratch: string;
  /** Anonymous guests who notice when Prosody drops a session. */
  readonly sentinelCount: number;
  /** Of the emulated AWS, where it differs from an ordinary account's. */
  readonly behaviour?: Partial<Behaviour>;
  /** Called as each step begins. */
  readonly progress: (step: string) => void;
}

/** The whole system on this machine, deployed and prepared. */
export interface Cloud {
  readonly gateway: Gateway;
  readonly server: ServerKind;
  readonly machines: SandboxHost;
  readonly outputs: StackOutputs;
  /** Path of the config file that was deployed. */
  readonly config: string;
  readonly clients: {
    readonly ec2: EC2Client;
    readonly ssm: SSMClient;
    readonly lambda: LambdaClient;
    readonly logs: CloudWatchLogsClient;
  };
  readonly decisions: DecisionLog;
  readonly focus: FocusClient;
  readonly load: MeetingLoad;
  readonly sentinels: Sentinels;
  /** Ends meetings and guests, machines, the API and the emulator. */
  stop(): Promise<void>;
}

/** Short meetings, so that a new bridge gets new ones soon. */
const meetingShape = {
  size: { min: 4, max: 10 },
  seconds: { min: 40, max: 120 },
  changesPerStep: 20,
};

/**
 * Brings everything up, in the order of an operator's life: the cloud, Server A, `cdk deploy`,
 * prepare. Must run inside the cloud's namespaces. What was started before a failure is stopped
 * again.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { progress, scratch } = options;
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  try {
    progress('package repository');
    const repository = await buildRepository(join(projectRoot, '.local/cache/packages'));
    const packages = await serveRepository({
      directory: repository.directory,
      host: cloud.routerAddress,
      port: cloud.repositoryPort,
    });
    stops.push(() => packages.close());
    const source = { url: packages.url, fingerprint: repository.fingerprint };

    progress('AWS emulator');
    const ministack = await startMinistack({
      binary: join(projectRoot, '.local/cache/venv/bin/ministack'),
      port: cloud.ministackPort,
      gatewayUrl: apiUrl,
      logFile: join(scratch, 'ministack.log'),
      temporaryFolder: scratch,
      accountId: cloud.account,
      region: cloud.region,
    });
    stops.push(() => ministack.stop());
    const machines = new SandboxHost({
      rootFileSystem: rootFileSystem('bookworm'),
      scratch,
      environment: {
        AWS_ENDPOINT_URL: `http://${cloud.routerAddress}:${cloud.apiPort}`,
        AWS_REGION: cloud.region,
        AWS_DEFAULT_REGION: cloud.region,
      },
      hosts: { [cloud.domain]: serverA.address, [`auth.${cloud.domain}`]: serverA.address },
    });
    const gateway = await startGateway({
      host: '0.0.0.0',
      port: cloud.apiPort,
      ministackUrl: ministack.url,
      machines,
      accountId: cloud.account,
      region: cloud.region,
      ...(options.behaviour === undefined ? {} : { behaviour: options.behaviour }),
    });
    stops.push(() => gateway.close());
    const metadata = await startImds({ host: cloud.metadataAddress, port: 80, gateway });
    stops.push(() => metadata.close());
    stops.push(() => terminateAll(gateway, machines));

    const isDocker = options.server === 'docker';
    progress(
      isDocker
        ? 'Server A: docker-jitsi-meet, as Compose starts it'
        : 'Server A: Prosody, Jicofo and the default bridge, as the packages install them',
    );
    const client = { endpoint: apiUrl, region: cloud.region, credentials: dummyCredentials };
    const roleArn = await createServerRole(new IAMClient(client));
    gateway.ec2.addInstance({
      instanceId: serverA.instanceId,
      privateIpAddress: serverA.address,
      tags: { Name: 'jitsi-meet' },
      profileRoleArn: roleArn,
    });
    if (isDocker) await startServerOfContainers(machines, scratch);
    else await startServerA(machines, source, options.generation);

    progress('cdk bootstrap and cdk deploy');
    const config = join(scratch, 'bridges.json');
    await writeFile(config, JSON.stringify(localFleetConfig(options, source), null, 2));
    const outputs = await deployWithCdk(config, scratch, (line) => progress(`  ${line}`));

    const clients = {
      ec2: new EC2Client(client),
      ssm: new SSMClient(client),
      lambda: new LambdaClient(client),
      logs: new CloudWatchLogsClient(client),
    };
    const prepareDocument = outputs.get('PrepareDocumentName');
    progress(
      isDocker
        ? 'prepare Server A by Run Command, and publish the port of its Prosody'
        : 'prepare Server A by Run Command: Part 1 of the tutorial',
    );
    if (isDocker) await prepareContainers(clients.ssm, prepareDocument, machines);
    else await prepareServerA(clients.ssm, prepareDocument);

    progress('meetings and guests');
    const focus = new FocusClient(`http://${serverA.address}:${serverA.jicofoPort}`);
    const load = new MeetingLoad({ focus, shape: meetingShape });
    load.start();
    stops.push(() => load.stop());
    const sentinels = new Sentinels({
      count: options.sentinelCount,
      server: {
        host: serverA.address,
        domain: isDocker ? containers.domain : cloud.domain,
        trust: {
          kind: 'pinned',
          pem: await onServerA(
            machines,
            isDocker
              ? `docker exec ${prosodyContainer} cat ${containers.configuration}/certs/${containers.domain}.crt`
              : `cat /etc/prosody/certs/${cloud.domain}.crt`,
          ),
        },
      },
    });
    await sentinels.start();
    stops.push(() => sentinels.stop());
    const decisions = new DecisionLog(
      clients.logs,
      await logGroupOf(clients.lambda, outputs.get('ScalerFunctionName')),
    );
    const { server } = options;
    return {
      gateway,
      server,
      machines,
      outputs,
      config,
      clients,
      decisions,
      focus,
      load,
      sentinels,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Server A's role exists before the fleet does; the stack only adds to it. */
async function createServerRole(iam: IAMClient): Promise<string> {
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: serverA.roleName,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'ec2.amazonaws.com' },
            Action: 'sts:AssumeRole',
          },
        ],
      }),
    }),
  );
  // What its SSM agent needs to take commands.
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';
  await iam.send(new AttachRolePolicyCommand({ RoleName: serverA.roleName, PolicyArn }));
  return Role?.Arn ?? `arn:aws:iam::${cloud.account}:role/${serverA.roleName}`;
}

async function logGroupOf(lambda: LambdaClient, FunctionName: string): Promise<string> {
  const { LoggingConfig } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName }),
  );
  return LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`;
}

/** Machines are processes of ours: they end before what they talk to does. */
async function terminateAll(gateway: Gateway, machines: SandboxHost): Promise<void> {
  const ids = gateway.ec2.all().map(({ spec }) => spec.instanceId);
  await Promise.all([...ids, serverA.instanceId].map((id) => machines.terminate(id)));
}
