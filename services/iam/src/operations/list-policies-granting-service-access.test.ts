import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreateUserCommand,
  ListPoliciesGrantingServiceAccessCommand,
  PutGroupPolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, allow, type IamHost, noSuchEntity, policy, startIamHost } from '../testing/iam-host.ts';

let host: IamHost;
const POWER_USER = 'arn:aws:iam::aws:policy/PowerUserAccess';
const arn = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;

beforeAll(async () => {
  host = await startIamHost();
  const { root } = host;
  await root.send(new CreateUserCommand({ UserName: 'ann' }));
  await root.send(new CreateGroupCommand({ GroupName: 'team' }));
  await root.send(new AddUserToGroupCommand({ UserName: 'ann', GroupName: 'team' }));
  const own = policy(allow('S3:GetObject'), { Effect: 'Deny', Action: 'sqs:*', Resource: '*' });
  await root.send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'own', PolicyDocument: own }));
  const shared = policy({ Effect: 'Allow', NotAction: ['s3:*', 'sns:Publish'], Resource: '*' });
  await root.send(new PutGroupPolicyCommand({ GroupName: 'team', PolicyName: 'shared', PolicyDocument: shared }));
  await root.send(new AttachUserPolicyCommand({ UserName: 'ann', PolicyArn: POWER_USER }));
});
afterAll(() => host.close());

const granting = async (Arn: string, ...ServiceNamespaces: string[]) => {
  const ask = new ListPoliciesGrantingServiceAccessCommand({ Arn, ServiceNamespaces });
  return (await host.root.send(ask)).PoliciesGrantingServiceAccess;
};

const OWN = { PolicyName: 'own', PolicyType: 'INLINE', EntityType: 'USER', EntityName: 'ann' };
const SHARED = { PolicyName: 'shared', PolicyType: 'INLINE', EntityType: 'GROUP', EntityName: 'team' };
const POWER = { PolicyName: 'PowerUserAccess', PolicyType: 'MANAGED', PolicyArn: POWER_USER };

it('lists, for each service, the policies that allow anything of it', async () => {
  expect(await granting(arn('user/ann'), 's3', 'sqs', 'sns')).toEqual([
    { ServiceNamespace: 's3', Policies: [OWN, POWER] },
    { ServiceNamespace: 'sqs', Policies: [POWER, SHARED] },
    { ServiceNamespace: 'sns', Policies: [POWER, SHARED] },
  ]);
  expect(await granting(arn('group/team'), 's3', 'ec2')).toEqual([
    { ServiceNamespace: 's3', Policies: [] },
    { ServiceNamespace: 'ec2', Policies: [SHARED] },
  ]);
  await expect(granting(arn('role/none'), 's3')).rejects.toMatchObject(
    noSuchEntity('The role with name none cannot be found.'),
  );
});

it('answers in pages', async () => {
  const ServiceNamespaces = Array.from({ length: 150 }, (_, i) => `s${i}`);
  const ask = { Arn: arn('user/ann'), ServiceNamespaces };
  const first = await host.root.send(new ListPoliciesGrantingServiceAccessCommand(ask));
  expect(first).toMatchObject({ IsTruncated: true });
  const rest = await host.root.send(new ListPoliciesGrantingServiceAccessCommand({ ...ask, Marker: first.Marker! }));
  expect(rest.IsTruncated).toBe(false);
  const seen = [first, rest].flatMap(page => page.PoliciesGrantingServiceAccess!.map(each => each.ServiceNamespace));
  expect(seen).toEqual(ServiceNamespaces);
});
