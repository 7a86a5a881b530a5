import { EC2Client, GetConsoleOutputCommand } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { lastWords } from '../../../../lambdas/adapters/aws/console';

const client = new EC2Client({ region: 'us-east-1' });
const ec2 = mockClient(client);
afterEach(() => ec2.reset());

const id = 'i-0123456789abcdef0';

function consoleHas(text: string): void {
  ec2
    .on(GetConsoleOutputCommand, { InstanceId: id, Latest: true })
    .resolves({ Output: Buffer.from(text).toString('base64') });
}

test('a failure is told with what came last before it', async () => {
  consoleHas(
    [
      '[   21.4] cloud-init[812]: jitsi-bridges: stage prerequisites done in 9s',
      '[   30.1] cloud-init[812]: jitsi-bridges: FAILED in stage repository (exit 1); last lines of its log:',
      ...[1, 2, 3, 4, 5, 6].map(
        (line) => `[   30.1] cloud-init[812]: jitsi-bridges: | line ${line}`,
      ),
      '[   30.2] reboot: Power down',
    ].join('\r\n'),
  );
  expect(await lastWords(client, id)).toEqual([
    'FAILED in stage repository (exit 1); last lines of its log:',
    ...['| line 3', '| line 4', '| line 5', '| line 6'],
  ]);
});

test.each([
  [
    'our last lines when no stage failed',
    'x\njitsi-bridges: stage install done in 9s\ny',
    'stage install done in 9s',
  ],
  ['the last lines there are when none is ours', 'Kernel panic\n\n', 'Kernel panic'],
])('%s', async (_name, text, expected) => {
  consoleHas(text);
  expect(await lastWords(client, id)).toEqual([expected]);
});

test('nothing but short printable text comes through', async () => {
  consoleHas(`jitsi-bridges: FAILED \u001b[2J\u0007\u202e${'a'.repeat(5000)}\nüber`);
  const words = await lastWords(client, id);
  expect(words).toHaveLength(1);
  expect(words[0]).toMatch(/^[\x20-\x7e]{160}$/);
});

test('an instance type without live console output is read as EC2 keeps it', async () => {
  ec2
    .on(GetConsoleOutputCommand, { InstanceId: id })
    .resolves({ Output: Buffer.from('jitsi-bridges: here').toString('base64') });
  ec2
    .on(GetConsoleOutputCommand, { InstanceId: id, Latest: true })
    .rejects(Object.assign(new Error(), { name: 'UnsupportedOperation' }));
  expect(await lastWords(client, id)).toEqual(['here']);
});

test('an instance that EC2 has forgotten has no last words', async () => {
  ec2
    .on(GetConsoleOutputCommand)
    .rejects(Object.assign(new Error(), { name: 'InvalidInstanceID.NotFound' }));
  expect(await lastWords(client, id)).toEqual([]);
});
