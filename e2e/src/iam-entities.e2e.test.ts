/**
 * Groups, instance profiles, OIDC providers, service-linked roles and account aliases, through the AWS CLI as it is, on
 * a region of real processes: what one zone was told, all of them enforce.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, aws, refusalOf } from './clients/aws-command.ts';
import { type Environment, environmentOf, withCredentials } from './clients/client-process.ts';
import { defects } from './region-logs.ts';
import { RegionUnderTest } from './region-under-test.ts';

const ACCOUNT = '000000000000';
const arn = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const may = (Action: string) => document({ Effect: 'Allow', Action, Resource: '*' });
const TRUST = document({ Effect: 'Allow', Principal: { AWS: arn('root') }, Action: 'sts:AssumeRole' });

let region: RegionUnderTest;
let env: Environment;

beforeAll(async () => {
  region = await RegionUnderTest.start();
  env = await environmentOf(region);
});
afterAll(() => region?.close());

const iam = (as: Environment, ...args: string[]) => aws(as, 'iam', ...args);
const ok = <Answer = unknown>(...args: string[]) => answerOf<Answer>(env, 'iam', ...args);
const refused = (as: Environment, ...args: string[]) => refusalOf(as, 'iam', ...args);

/** A user's own credentials, at the address of one zone. */
async function keysOf(name: string): Promise<Environment> {
  const created = await ok<{ AccessKey: { AccessKeyId: string; SecretAccessKey: string } }>(
    'create-access-key',
    '--user-name',
    name,
  );
  const { AWS_SESSION_TOKEN: _, ...as } = withCredentials(env, { ...created.AccessKey, SessionToken: '' });
  return as;
}

describe('a group', () => {
  it('gives its policies to its members in every zone, and takes them back', async () => {
    await ok('create-group', '--group-name', 'readers', '--path', '/staff/');
    for (const name of ['ann', 'bea']) {
      await ok('create-user', '--user-name', name);
      await ok('add-user-to-group', '--group-name', 'readers', '--user-name', name);
    }
    const ann = await keysOf('ann');
    expect(await refused(ann, 'list-users')).toContain('(AccessDenied)');
    const inline = ['--policy-name', 'users', '--policy-document', may('iam:ListUsers')];
    await ok('put-group-policy', '--group-name', 'readers', ...inline);
    await ok(
      'attach-group-policy',
      '--group-name',
      'readers',
      '--policy-arn',
      'arn:aws:iam::aws:policy/ReadOnlyAccess',
    );
    const zones = (await region.world.status()).zones.map(zone => zone.endpoint);
    expect(zones).toHaveLength(3);
    for (const zone of zones) {
      const there = { ...ann, AWS_ENDPOINT_URL: zone };
      expect(await iam(there, 'list-users', '--query', 'Users[].UserName')).toMatchObject({ code: 0 });
      expect(await iam(there, 'list-roles')).toMatchObject({ code: 0 });
    }
    const shown = await ok<{ Users: { UserName: string }[]; Group: object }>(
      'get-group',
      '--group-name',
      'readers',
      '--page-size',
      '1',
    );
    expect(shown.Group).toMatchObject({ GroupName: 'readers', Arn: arn('group/staff/readers') });
    expect(shown.Users.map(user => user.UserName)).toEqual(['ann', 'bea']);
    const entities = ['--policy-arn', 'arn:aws:iam::aws:policy/ReadOnlyAccess', '--entity-filter', 'Group'];
    expect(await ok('list-entities-for-policy', ...entities, '--query', 'PolicyGroups[].GroupName')).toEqual([
      'readers',
    ]);
    await ok('update-group', '--group-name', 'readers', '--new-group-name', 'viewers');
    expect(await ok('list-groups-for-user', '--user-name', 'ann', '--query', 'Groups[].GroupName')).toEqual([
      'viewers',
    ]);
    expect(await refused(env, 'delete-group', '--group-name', 'viewers')).toBe(
      'An error occurred (DeleteConflict) when calling the DeleteGroup operation: Cannot delete entity, must remove users from group first.',
    );
    await ok('remove-user-from-group', '--group-name', 'viewers', '--user-name', 'ann');
    for (const zone of zones)
      expect(await refused({ ...ann, AWS_ENDPOINT_URL: zone }, 'list-users')).toContain('(AccessDenied)');
  });
});

describe('an instance profile', () => {
  it('takes one role, which cannot be deleted meanwhile', async () => {
    const profile = ['--instance-profile-name', 'web'];
    for (const name of ['web', 'other'])
      await ok('create-role', '--role-name', name, '--assume-role-policy-document', TRUST);
    await ok('create-instance-profile', ...profile, '--tags', 'Key=team,Value=blue');
    await ok('wait', 'instance-profile-exists', ...profile);
    await ok('add-role-to-instance-profile', ...profile, '--role-name', 'web');
    expect(await refused(env, 'add-role-to-instance-profile', ...profile, '--role-name', 'other')).toContain(
      '(LimitExceeded) when calling the AddRoleToInstanceProfile operation: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1',
    );
    expect(await refused(env, 'delete-role', '--role-name', 'web')).toContain('(DeleteConflict)');
    const query = ['--query', 'InstanceProfiles[].[InstanceProfileName, Roles[0].RoleName]'];
    expect(await ok('list-instance-profiles-for-role', '--role-name', 'web', ...query)).toEqual([['web', 'web']]);
    expect(await ok('list-instance-profile-tags', ...profile, '--query', 'Tags')).toEqual([
      { Key: 'team', Value: 'blue' },
    ]);
    await ok('remove-role-from-instance-profile', ...profile, '--role-name', 'web');
    await ok('delete-instance-profile', ...profile);
    await ok('delete-role', '--role-name', 'web');
    expect(await refused(env, 'get-instance-profile', ...profile)).toContain('(NoSuchEntity)');
  });
});

describe('an OIDC provider', () => {
  it('comes, changes and goes', async () => {
    const url = 'https://token.example.com/tenant';
    const provider = ['--open-id-connect-provider-arn', arn('oidc-provider/token.example.com/tenant')];
    const thumbprint = ['--thumbprint-list', '0'.repeat(40)];
    expect(
      await ok('create-open-id-connect-provider', '--url', url, '--client-id-list', 'sts.amazonaws.com', ...thumbprint),
    ).toEqual({ OpenIDConnectProviderArn: provider[1] });
    expect(await refused(env, 'create-open-id-connect-provider', '--url', url)).toContain(
      `(EntityAlreadyExists) when calling the CreateOpenIDConnectProvider operation: Provider with url ${url} already exists.`,
    );
    await ok('add-client-id-to-open-id-connect-provider', ...provider, '--client-id', 'app');
    await ok('remove-client-id-from-open-id-connect-provider', ...provider, '--client-id', 'sts.amazonaws.com');
    await ok('update-open-id-connect-provider-thumbprint', ...provider, '--thumbprint-list', '1'.repeat(40));
    await ok('tag-open-id-connect-provider', ...provider, '--tags', 'Key=team,Value=blue');
    expect(await ok('get-open-id-connect-provider', ...provider)).toEqual({
      Url: 'token.example.com/tenant',
      ClientIDList: ['app'],
      ThumbprintList: ['1'.repeat(40)],
      CreateDate: expect.any(String),
      Tags: [{ Key: 'team', Value: 'blue' }],
    });
    expect(await ok('list-open-id-connect-providers', '--query', 'OpenIDConnectProviderList[].Arn')).toEqual([
      provider[1],
    ]);
    await ok('delete-open-id-connect-provider', ...provider);
    expect(await refused(env, 'get-open-id-connect-provider', ...provider)).toContain('(NoSuchEntity)');
  });

  it('is not had for SAML, which is said clearly', async () => {
    expect(await ok('list-saml-providers')).toEqual({ SAMLProviderList: [] });
    const create = ['create-saml-provider', '--name', 'idp', '--saml-metadata-document', 'x'.repeat(1000)];
    expect(await refused(env, ...create)).toContain('iam:CreateSAMLProvider exists in AWS');
  });
});

describe('a service-linked role', () => {
  it('is made for its service, left alone, and deleted', async () => {
    const role = ['--role-name', 'AWSServiceRoleForAutoScaling_e2e'];
    await ok('create-service-linked-role', '--aws-service-name', 'autoscaling.amazonaws.com', '--custom-suffix', 'e2e');
    expect(await ok('get-role', ...role, '--query', 'Role.Path')).toBe('/aws-service-role/autoscaling.amazonaws.com/');
    expect(await refused(env, 'delete-role', ...role)).toBe(
      "An error occurred (UnmodifiableEntity) when calling the DeleteRole operation: Cannot perform the operation on the protected role 'AWSServiceRoleForAutoScaling_e2e' - this role is only modifiable by AWS",
    );
    const { DeletionTaskId } = await ok<{ DeletionTaskId: string }>('delete-service-linked-role', ...role);
    const status = ['get-service-linked-role-deletion-status', '--deletion-task-id', DeletionTaskId];
    expect(await ok(...status)).toEqual({ Status: 'SUCCEEDED' });
    expect(await refused(env, 'get-role', ...role)).toContain('(NoSuchEntity)');
  });
});

describe('an account', () => {
  it('has an alias that no other account has, and no password policy', async () => {
    const alias = ['--account-alias', 'stormglass-e2e'];
    await ok('create-account-alias', ...alias);
    const other = { ...env, AWS_ACCESS_KEY_ID: '111111111111' };
    expect(await refused(other, 'create-account-alias', ...alias)).toBe(
      'An error occurred (EntityAlreadyExists) when calling the CreateAccountAlias operation: The account alias stormglass-e2e already exists.',
    );
    expect(await ok('list-account-aliases')).toEqual({ AccountAliases: ['stormglass-e2e'] });
    await ok('delete-account-alias', ...alias);
    expect(await refused(env, 'get-account-password-policy')).toContain(
      `The Password Policy with domain name ${ACCOUNT} cannot be found.`,
    );
  });
});

it('leaves no defect in the logs', async () => {
  expect(defects(region.folder)).toEqual([]);
});
