import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  DeleteRoleCommand,
  DeleteServiceLinkedRoleCommand,
  GetRoleCommand,
  GetServiceLinkedRoleDeletionStatusCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ACCOUNT,
  allow,
  type IamHost,
  noSuchEntity,
  policy,
  refusal,
  startIamHost,
  trust,
} from '../testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
});
afterAll(() => host.close());

const create = async (AWSServiceName: string, more: object = {}) =>
  (await host.root.send(new CreateServiceLinkedRoleCommand({ AWSServiceName, ...more }))).Role!;
const destroy = async (RoleName: string) =>
  (await host.root.send(new DeleteServiceLinkedRoleCommand({ RoleName }))).DeletionTaskId!;
const status = async (DeletionTaskId: string) =>
  (await host.root.send(new GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId }))).Status;

const invalid = (message: string) => refusal('InvalidInputException', 400, message);

it('makes the role of a service, and deletes it', async () => {
  const made = await create('ecs.amazonaws.com', { Description: 'for ECS' });
  expect(made).toMatchObject({
    RoleName: 'AWSServiceRoleForECS',
    Path: '/aws-service-role/ecs.amazonaws.com/',
    Arn: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
    Description: 'for ECS',
  });
  expect(JSON.parse(decodeURIComponent(made.AssumeRolePolicyDocument!))).toMatchObject({
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  const taken = 'Service role name AWSServiceRoleForECS has been taken in this account, please try a different suffix.';
  await expect(create('ecs.amazonaws.com')).rejects.toMatchObject(invalid(taken));
  const task = await destroy('AWSServiceRoleForECS');
  expect(task).toMatch(/^task\/aws-service-role\/ecs\.amazonaws\.com\/AWSServiceRoleForECS\/[0-9a-f-]{36}$/);
  expect(await status(task)).toBe('SUCCEEDED');
  const shown = host.root.send(new GetRoleCommand({ RoleName: 'AWSServiceRoleForECS' }));
  await expect(shown).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  await create('ecs.amazonaws.com');
});

it('has suffixes where the service has them', async () => {
  expect((await create('autoscaling.amazonaws.com', { CustomSuffix: 'a' })).RoleName).toBe(
    'AWSServiceRoleForAutoScaling_a',
  );
  await expect(create('es.amazonaws.com', { CustomSuffix: 'a' })).rejects.toMatchObject(
    invalid('Custom suffix is not allowed for es.amazonaws.com'),
  );
  expect((await create('new-thing.amazonaws.com')).RoleName).toBe('AWSServiceRoleForNewThing');
  await expect(create('nothing')).rejects.toMatchObject({ name: 'InvalidInputException' });
});

it('protects the role from everybody but its service', async () => {
  const { RoleName } = await create('rds.amazonaws.com');
  const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  const refused = refusal(
    'UnmodifiableEntityException',
    400,
    `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`,
  );
  const PolicyDocument = policy(allow('s3:*'));
  for (const command of [
    new DeleteRoleCommand({ RoleName }),
    new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust() }),
    new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }),
    new AttachRolePolicyCommand({ RoleName, PolicyArn }),
    new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: PolicyArn }),
    new UpdateRoleCommand({ RoleName, MaxSessionDuration: 7200 }),
  ])
    await expect(host.root.send(command as DeleteRoleCommand)).rejects.toMatchObject(refused);
  await host.root.send(new UpdateRoleDescriptionCommand({ RoleName, Description: 'ours' }));
  await host.root.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'a', Value: 'b' }] }));
  const { Role } = await host.root.send(new GetRoleCommand({ RoleName }));
  expect(Role).toMatchObject({ Description: 'ours', Tags: [{ Key: 'a', Value: 'b' }] });
});

it('keeps its own path, operations and tasks to itself', async () => {
  const forged = {
    RoleName: 'forged',
    Path: '/aws-service-role/ec2.amazonaws.com/',
    AssumeRolePolicyDocument: trust(),
  };
  await expect(host.root.send(new CreateRoleCommand(forged))).rejects.toMatchObject({ name: 'InvalidInputException' });
  await host.root.send(new CreateRoleCommand({ RoleName: 'plain', AssumeRolePolicyDocument: trust() }));
  await expect(destroy('plain')).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  await expect(destroy('gone')).rejects.toMatchObject(noSuchEntity('The role with name gone cannot be found.'));
  const unknown = 'task/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS/none';
  await expect(status(unknown)).rejects.toMatchObject({ name: 'NoSuchEntityException' });
});

it('asks about the role that the service would get', async () => {
  const role = 'aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling';
  const resource = `arn:aws:iam::*:role/${role}_b*`;
  const maker = await host.user('suffix-maker', allow('iam:CreateServiceLinkedRole', resource));
  const make = (CustomSuffix: string) =>
    maker.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'autoscaling.amazonaws.com', CustomSuffix }));
  await make('blue');
  await expect(make('red')).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining(`on resource: arn:aws:iam::${ACCOUNT}:role/${role}_red`),
  });
});

it('knows the service as a condition', async () => {
  const when = { Condition: { StringEquals: { 'iam:AWSServiceName': 'batch.amazonaws.com' } } };
  const maker = await host.user('maker', allow('iam:CreateServiceLinkedRole', '*', when));
  await maker.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'batch.amazonaws.com' }));
  const other = maker.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'dax.amazonaws.com' }));
  await expect(other).rejects.toMatchObject({ name: 'AccessDenied' });
});
