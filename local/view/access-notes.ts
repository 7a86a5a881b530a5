import { awsEnvironment, cloud, dummyCredentials } from '../cloud/addresses';
import type { StackOutputs } from '../cloud/cdk';

/** How to reach the running system from outside, in the words of a shell. */
export function accessNotes(ports: ReadonlyMap<string, number>, outputs: StackOutputs): string {
  const endpoint = `http://127.0.0.1:${ports.get('aws') ?? 0}`;
  const environment = Object.entries(awsEnvironment(endpoint)).map(
    ([key, value]) => `${key}=${value}`,
  );
  const componentPort = ports.get('xmpp-component');
  const components =
    componentPort === undefined ? '' : `, 127.0.0.1:${componentPort} for components`;
  const functions = ['ScalerFunctionName', 'RegistrarFunctionName', 'CollectorFunctionName'];
  return `
From another terminal, with the AWS CLI or any SDK:

  export ${environment.join(' \\\n         ')}
  npx jitsi-bridges status
  aws lambda invoke --function-name ${outputs.get('ScalerFunctionName')} \\
    --cli-binary-format raw-in-base64-out --payload '{"action":"status"}' /dev/stdout

  functions: ${functions.map((name) => outputs.get(name)).join(', ')}
  Prosody:   127.0.0.1:${ports.get('xmpp-client') ?? 0} for clients${components}

`;
}

/** The same in two lines, for the foot of the live view. */
export function accessSummary(
  ports: ReadonlyMap<string, number>,
  outputs: StackOutputs,
): readonly string[] {
  return [
    `AWS API http://127.0.0.1:${ports.get('aws') ?? 0}, region ${cloud.region}, credentials ${dummyCredentials.accessKeyId} / ${dummyCredentials.secretAccessKey}`,
    `scaler  ${outputs.get('ScalerFunctionName')}`,
  ];
}
