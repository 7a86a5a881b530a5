import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';

import { KeptResources } from '../../../../local/aws/cloudformation/kept-resources';
import { keptMember } from '../../../../local/aws/cloudformation/rewrite';

const cloudFormation = mockClient(CloudFormationClient);
const ended: string[] = [];

beforeEach(() => {
  ended.length = 0;
  cloudFormation.reset();
  cloudFormation.on(DescribeStackResourceCommand).callsFake(() => ({
    StackResourceDetail: {
      Metadata: JSON.stringify({ [keptMember]: { Type: 'AWS::SSM::Document', Properties: {} } }),
    },
  }));
});

it('ends what the deletion of a stack has come to, and keeps the rest and other stacks', async () => {
  const kept = new KeptResources({
    client: new CloudFormationClient({ region: 'us-east-1' }),
    keepers: {
      'AWS::SSM::Document': {
        put: () => undefined,
        delete: ({ logicalId }) => void ended.push(logicalId),
      },
    },
    accountId: '123456789012',
    region: 'us-east-1',
  });
  await kept.register('Fleet', ['First', 'Last']);
  await kept.register('Other', ['First']);

  kept.retain('Fleet', ['Last', 'Queue']);
  expect(ended).toEqual(['First']);
  kept.retain('Fleet', []);
  expect(ended).toEqual(['First', 'Last']);
  expect(kept.all().map(({ stackName }) => stackName)).toEqual(['Other']);
});
