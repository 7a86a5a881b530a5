import type { Handler } from '../handler';
import { getCommandInvocation, listCommandInvocations } from './command-invocations';
import { listCommands } from './list-commands';
import {
  createDocument,
  deleteDocument,
  describeDocument,
  getDocument,
  listDocuments,
  listTagsForResource,
  updateDocument,
} from './document-actions';
import { describeInstanceInformation } from './instance-information';
import { sendCommand } from './send-command';
import type { Ssm } from './ssm';

/** SSM actions that the gateway answers; parameters are the emulator's. */
export function ssmHandlers(ssm: Ssm): Readonly<Record<string, Handler>> {
  return {
    CreateDocument: createDocument(ssm),
    DeleteDocument: deleteDocument(ssm),
    DescribeDocument: describeDocument(ssm),
    DescribeInstanceInformation: describeInstanceInformation(ssm),
    GetCommandInvocation: getCommandInvocation(ssm),
    GetDocument: getDocument(ssm),
    ListCommandInvocations: listCommandInvocations(ssm),
    ListCommands: listCommands(ssm),
    ListDocuments: listDocuments(ssm),
    ListTagsForResource: listTagsForResource(ssm),
    SendCommand: sendCommand(ssm),
    UpdateDocument: updateDocument(ssm),
  };
}
