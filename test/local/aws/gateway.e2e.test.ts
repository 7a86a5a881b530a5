import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { GetDocumentCommand, ListDocumentsCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startGateway, type Gateway } from '../../../local/aws/gateway';
import { startMinistack, type Ministack } from '../../../local/aws/ministack';
import { InstantHost } from '../../../local/machines/instant-host';

const binary = resolve(__dirname, '../../../.local/cache/venv/bin/ministack');
const StackName = 'Fleet';

let folder: string;
let ministack: Ministack;
let gateway: Gateway;
let cloudFormation: CloudFormationClient;
let ssm: SSMClient;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  const port = await freePort();
  ministack = await startMinistack({
    binary,
    port,
    gatewayUrl: 'http://127.0.0.1:9',
    logFile: join(folder, 'ministack.log'),
    temporaryFolder: folder,
  });
  gateway = await startGateway({
    port: 0,
    ministackUrl: ministack.url,
    machines: new InstantHost(),
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = { endpoint: gateway.url, region: 'us-east-1', credentials };
  cloudFormation = new CloudFormationClient(client);
  ssm = new SSMClient(client);
}, 60_000);

afterAll(async () => {
  ssm.destroy();
  cloudFormation.destroy();
  await gateway.close();
  await ministack.stop();
  await rm(folder, { recursive: true });
});

function template(command: string): string {
  return JSON.stringify({
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue' },
      Doc: {
        Type: 'AWS::SSM::Document',
        Properties: {
          DocumentType: 'Command',
          Content: {
            schemaVersion: '2.2',
            mainSteps: [
              {
                action: 'aws:runShellScript',
                name: 'run',
                inputs: {
                  runCommand: [{ 'Fn::Sub': `${command} \${Queue.Arn} \${AWS::Region}` }],
                },
              },
            ],
          },
        },
      },
    },
    Outputs: { Document: { Value: { Ref: 'Doc' } } },
  });
}

async function settled(): Promise<string> {
  for (;;) {
    const reply = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    const stack = reply.Stacks?.[0];
    if (stack?.StackStatus?.endsWith('IN_PROGRESS') !== true) {
      return stack?.Outputs?.[0]?.OutputValue ?? '';
    }
    await new Promise((again) => setTimeout(again, 50));
  }
}

const script = async (Name: string): Promise<string> =>
  (await ssm.send(new GetDocumentCommand({ Name }))).Content ?? '';

it('deploys, updates and deletes a document that the emulator refuses, its intrinsics resolved', async () => {
  await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: template('first') }));
  const name = await settled();
  expect(name).toMatch(/^Fleet-Doc-[A-Z0-9]{12}$/);
  expect(await script(name)).toMatch(
    /"first arn:aws:sqs:us-east-1:123456789012:Fleet-Queue-\w+ us-east-1"/,
  );
  const shown = await cloudFormation.send(new GetTemplateCommand({ StackName }));
  expect(shown.TemplateBody).toBe(template('first'));

  await cloudFormation.send(
    new UpdateStackCommand({ StackName, TemplateBody: template('second') }),
  );
  expect(await settled()).toBe(name);
  expect(await script(name)).toContain('second arn:aws:sqs');

  await cloudFormation.send(new DeleteStackCommand({ StackName }));
  const { DocumentIdentifiers } = await ssm.send(new ListDocumentsCommand({}));
  expect(DocumentIdentifiers).toEqual([]);
}, 60_000);
