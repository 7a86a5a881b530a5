/**
 * Puts a message into an SQS queue of the emulator, named by its ARN. Rejects when the queue does
 * not take it.
 */
export type SendToQueue = (queueArn: string, message: string) => Promise<void>;

export function queueSender(ministackUrl: string): SendToQueue {
  return async (queueArn, message) => {
    const [, , service, region, account, name] = queueArn.split(':');
    if (service !== 'sqs') throw new Error(`only SQS queues are served, not ${queueArn}`);
    const credential = `test/20200101/${region}/sqs/aws4_request`;
    const response = await fetch(ministackUrl, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=00`,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AmazonSQS.SendMessage',
      },
      body: JSON.stringify({
        QueueUrl: `${ministackUrl}/${account}/${name}`,
        MessageBody: message,
      }),
    });
    if (!response.ok) throw new Error(`${queueArn}: ${response.status} ${await response.text()}`);
  };
}
