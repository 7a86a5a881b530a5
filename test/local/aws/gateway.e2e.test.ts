import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  UpdateStackCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { GetDocumentCommand, ListDocumentsCommand, SSMClient } from '@aws-sdk/client-ssm';
import { startRealCloud, type RealCloud } from './real-cloud';

const StackName = 'Fleet';

let cloud: RealCloud;
let cloudFormation: CloudFormationClient;
let ssm: SSMClient;

beforeAll(async () => {
  cloud = await startRealCloud();
  cloudFormation = new CloudFormationClient(cloud.client);
  ssm = new SSMClient(cloud.client);
});

afterAll(async () => {
  ssm.destroy();
  cloudFormation.destroy();
  await cloud.close();
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
  // As on AWS, DeleteStack answers before the resources are gone.
  await waitUntilStackDeleteComplete(
    { client: cloudFormation, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
    { StackName },
  );
  const { DocumentIdentifiers } = await ssm.send(new ListDocumentsCommand({}));
  expect(DocumentIdentifiers).toEqual([]);
});
