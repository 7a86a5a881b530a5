import type { Handler } from '../handler';
import { getConsoleOutput } from './console-output';
import { createFleet } from './create-fleet';
import { describeInstances, describeInstanceStatus } from './describe-instances';
import type { Ec2 } from './ec2';
import { createImage, deleteSnapshot, deregisterImage, describeImages } from './image-calls';
import { describeInstanceAttribute } from './instance-attribute';
import { runInstances } from './run-instances';
import { createTags, deleteTags, describeTags } from './tags';
import { terminateInstances } from './terminate-instances';

/** EC2 actions that the gateway answers; all others are the emulator's. */
export function ec2Handlers(ec2: Ec2): Readonly<Record<string, Handler>> {
  return {
    CreateFleet: createFleet(ec2),
    CreateImage: createImage(ec2),
    CreateTags: createTags(ec2),
    DeleteSnapshot: deleteSnapshot(ec2),
    DeleteTags: deleteTags(ec2),
    DeregisterImage: deregisterImage(ec2),
    DescribeImages: describeImages(ec2),
    DescribeInstanceAttribute: describeInstanceAttribute(ec2),
    DescribeInstanceStatus: describeInstanceStatus(ec2),
    DescribeInstances: describeInstances(ec2),
    DescribeTags: describeTags(ec2),
    GetConsoleOutput: getConsoleOutput(ec2),
    RunInstances: runInstances(ec2),
    TerminateInstances: terminateInstances(ec2),
  };
}
