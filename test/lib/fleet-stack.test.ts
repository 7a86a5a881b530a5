import { Match } from 'aws-cdk-lib/assertions';

import { findingsOf, synthesizeFleet } from './synthesize';

const template = synthesizeFleet();

it('leaves no finding of cdk-nag without a reason, and no warning', () => {
  expect(findingsOf()).toEqual([]);
});

it('is named after the fleet and tells what the command line goes by', () => {
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
    'BakeTemplateId',
    'BridgeDocumentName',
    'CollectorFunctionName',
    'FleetName',
    'LaunchTemplateId',
    'PrepareCommand',
    'PrepareDocumentName',
    'ReaderFunctionName',
    'RegistrarFunctionName',
    'ScalerFunctionName',
    'StatusCommand',
    'SyncDocumentName',
  ]);
});

it('keeps failed events in a queue that is encrypted and talks TLS only', () => {
  template.hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Deny',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ]),
    },
  });
});

it('makes no parameter: what is in the template is no secret, and an update would overwrite it', () => {
  template.resourceCountIs('AWS::SSM::Parameter', 0);
  template.resourceCountIs('AWS::SecretsManager::Secret', 0);
});
