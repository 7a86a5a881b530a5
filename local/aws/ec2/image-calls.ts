import { z } from 'zod';
import { AwsError } from '../errors';
import { passOn, type Handler } from '../handler';
import { parseInput, wireList } from '../protocol/input';
import type { Output } from '../protocol/response';
import type { Ec2 } from './ec2';
import { isAnyOf } from './filters';
import type { MadeImage } from './images';
import { filtersSchema, tagSpecifications } from './schemas';

const createInput = z.object({
  InstanceId: z.string(),
  Name: z.string().regex(/^[\w()[\] ./'@-]{3,128}$/),
  Description: z.string().default(''),
  TagSpecification: tagSpecifications,
});

/** CreateImage of a stopped instance; `pending` until the disk is copied. */
export function createImage(ec2: Ec2): Handler {
  return ({ input }) => {
    const request = parseInput(createInput, input, 'InvalidParameterValue');
    const { InstanceId, Name, Description, TagSpecification } = request;
    const [instance] = ec2.model.require([InstanceId]);
    if (instance === undefined) throw new AwsError('InvalidInstanceID.NotFound', InstanceId);
    const tags = new Map(
      TagSpecification.filter(({ ResourceType }) => ResourceType === 'image').flatMap(({ Tags }) =>
        Tags.map(({ Key, Value }): [string, string] => [Key, Value]),
      ),
    );
    const made = ec2.images.create(instance, { name: Name, description: Description, tags });
    return { imageId: made.imageId };
  };
}

const describeInput = z.object({
  ImageId: wireList(z.string()),
  Owner: wireList(z.string()),
  Filter: filtersSchema,
});

/** DescribeImages of the account's own; public ones are the emulator's. */
export function describeImages(ec2: Ec2): Handler {
  return ({ input }) => {
    const { ImageId, Owner, Filter } = parseInput(describeInput, input, 'InvalidParameterValue');
    const ours = Owner.includes('self') || (ImageId.length > 0 && ImageId.every(has));
    if (!ours) return passOn;
    const found = ec2.images
      .all()
      .filter(({ imageId }) => ImageId.length === 0 || ImageId.includes(imageId))
      .filter((image) =>
        Filter.every(({ Name, Value }) => isAnyOf(propertyOf(image, Name), Value)),
      );
    return { imagesSet: found.map((image) => describe(image, ec2.accountId)) };
  };

  function has(imageId: string): boolean {
    return ec2.images.has(imageId);
  }
}

function propertyOf({ imageId, name, state, tags }: MadeImage, filter: string): readonly string[] {
  if (filter.startsWith('tag:')) {
    const value = tags.get(filter.slice('tag:'.length));
    return value === undefined ? [] : [value];
  }
  switch (filter) {
    case 'tag-key':
      return [...tags.keys()];
    case 'image-id':
      return [imageId];
    case 'name':
      return [name];
    case 'state':
      return [state];
    default:
      throw new AwsError('InvalidParameterValue', `The filter '${filter}' is invalid`);
  }
}

function describe(image: MadeImage, ownerId: string): Output {
  const { imageId, name, description, state, stateReason, createdAt, snapshotId, tags } = image;
  return {
    imageId,
    imageState: state,
    imageOwnerId: ownerId,
    isPublic: false,
    name,
    description,
    creationDate: createdAt.toISOString(),
    architecture: 'x86_64',
    imageType: 'machine',
    rootDeviceName: '/dev/sda1',
    rootDeviceType: 'ebs',
    virtualizationType: 'hvm',
    hypervisor: 'xen',
    blockDeviceMapping: [{ deviceName: '/dev/sda1', ebs: { snapshotId, encrypted: true } }],
    tagSet: [...tags].map(([key, value]) => ({ key, value })),
    ...(stateReason === undefined
      ? {}
      : { stateReason: { code: 'Server.InternalError', message: stateReason } }),
  };
}

const deregisterInput = z.object({ ImageId: z.string() });

/** DeregisterImage; its snapshot stays. */
export function deregisterImage(ec2: Ec2): Handler {
  return ({ input }) => {
    const { ImageId } = parseInput(deregisterInput, input, 'InvalidParameterValue');
    ec2.images.deregister(ImageId);
    return { return: true };
  };
}

const snapshotInput = z.object({ SnapshotId: z.string() });

/** DeleteSnapshot of an image that is deregistered. */
export function deleteSnapshot(ec2: Ec2): Handler {
  return ({ input }) => {
    const { SnapshotId } = parseInput(snapshotInput, input, 'InvalidParameterValue');
    ec2.images.deleteSnapshot(SnapshotId);
    return { return: true };
  };
}
