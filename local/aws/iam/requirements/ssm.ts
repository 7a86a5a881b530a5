import { requestTagContext, tagContext, type Access } from '../access';
import { ec2Arn, instanceContext, type AuthorizationWorld } from '../world';
import { tagsOf, textOf, textsOf, type Requirement, type Requirements } from './requirement';

function ssmArn({ region, accountId }: AuthorizationWorld, resource: string): string {
  return `arn:aws:ssm:${region}:${accountId}:${resource}`;
}

/** ARN of a parameter, by its name or its ARN. */
function parameterArn(world: AuthorizationWorld, name: string): string {
  return name.startsWith('arn:') ? name : ssmArn(world, `parameter/${name.replace(/^\//, '')}`);
}

/** An action on the parameters that a member names; their tags count. */
const onParameters =
  (member: 'Name' | 'Names'): Requirement =>
  (request, world) =>
    Promise.all(
      textsOf(request, member).map(async (name) => ({
        action: `ssm:${request.action}`,
        resource: parameterArn(world, name),
        context: tagContext('aws:ResourceTag', await world.parameterTags(name)),
      })),
    );

/** Tags in the same call need the right to tag. */
const putParameter: Requirement = (request, world) => {
  const resource = parameterArn(world, textOf(request, 'Name'));
  const tags = tagsOf(request.input['Tags']);
  const context = requestTagContext(tags);
  const overwrite = { 'ssm:Overwrite': String(request.input['Overwrite'] === true) };
  return [
    { action: 'ssm:PutParameter', resource, context: { ...context, ...overwrite } },
    ...(tags.length === 0 ? [] : [{ action: 'ssm:AddTagsToResource', resource, context }]),
  ];
};

const tagResource: Requirement = async (request, world) => {
  const [type, id] = [textOf(request, 'ResourceType'), textOf(request, 'ResourceId')];
  const isParameter = type === 'Parameter';
  const resource = isParameter ? parameterArn(world, id) : ssmArn(world, `document/${id}`);
  const own = isParameter ? await world.parameterTags(id) : [];
  const context = {
    ...tagContext('aws:ResourceTag', own),
    ...requestTagContext(tagsOf(request.input['Tags'])),
  };
  return [{ action: `ssm:${request.action}`, resource, context }];
};

/** The document, and each instance with its tags under both of Run Command's names for them. */
const sendCommand: Requirement = (request, world) => {
  const name = textOf(request, 'DocumentName');
  // AWS's own documents have no account in their ARN.
  const document = name.startsWith('AWS-')
    ? `arn:aws:ssm:${world.region}::document/${name}`
    : name.startsWith('arn:')
      ? name
      : ssmArn(world, `document/${name}`);
  const action = 'ssm:SendCommand';
  const instances = textsOf(request, 'InstanceIds').map((id): Access => {
    const tags = world.model.find(id)?.tags ?? [];
    const context = { ...instanceContext(world, id), ...tagContext('ssm:resourceTag', tags) };
    return { action, resource: ec2Arn(world, `instance/${id}`), context };
  });
  return [{ action, resource: document }, ...instances];
};

const onDocument: Requirement = (request, world) => [
  {
    action: `ssm:${request.action}`,
    resource: ssmArn(world, `document/${textOf(request, 'Name')}`),
  },
];

/** SSM's actions on resources. */
export const ssmRequirements: Requirements = {
  AddTagsToResource: tagResource,
  CreateDocument: onDocument,
  DeleteDocument: onDocument,
  DeleteParameter: onParameters('Name'),
  DeleteParameters: onParameters('Names'),
  DescribeDocument: onDocument,
  GetDocument: onDocument,
  GetParameter: onParameters('Name'),
  GetParameters: onParameters('Names'),
  GetParametersByPath: (request, world) => [
    {
      action: 'ssm:GetParametersByPath',
      resource: parameterArn(world, textOf(request, 'Path')),
      context: { 'ssm:Recursive': String(request.input['Recursive'] === true) },
    },
  ],
  ListTagsForResource: tagResource,
  PutParameter: putParameter,
  RemoveTagsFromResource: tagResource,
  SendCommand: sendCommand,
  UpdateDocument: onDocument,
};
