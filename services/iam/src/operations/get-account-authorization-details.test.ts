import {
  AddRoleToInstanceProfileCommand,
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsCommandInput,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, allow, type IamHost, policy, startIamHost, trust } from '../testing/iam-host.ts';

let host: IamHost;
const arn = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const DOCUMENT = policy(allow('s3:*'));
const ENCODED = encodeURIComponent(DOCUMENT).replaceAll('*', '%2A');
const LIMITS = arn('policy/limits');

beforeAll(async () => {
  host = await startIamHost();
  const { root } = host;
  await root.send(new CreatePolicyCommand({ PolicyName: 'limits', PolicyDocument: DOCUMENT, Description: 'bounds' }));
  await root.send(new CreatePolicyVersionCommand({ PolicyArn: LIMITS, PolicyDocument: DOCUMENT }));
  const Tags = [{ Key: 'team', Value: 'blue' }];
  await root.send(new CreateUserCommand({ UserName: 'ann', Path: '/a/', Tags, PermissionsBoundary: LIMITS }));
  await root.send(new CreateUserCommand({ UserName: 'bob' }));
  await root.send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'own', PolicyDocument: DOCUMENT }));
  await root.send(new AttachUserPolicyCommand({ UserName: 'ann', PolicyArn: READ_ONLY }));
  await root.send(new CreateGroupCommand({ GroupName: 'team' }));
  await root.send(new PutGroupPolicyCommand({ GroupName: 'team', PolicyName: 'shared', PolicyDocument: DOCUMENT }));
  await root.send(new AttachGroupPolicyCommand({ GroupName: 'team', PolicyArn: LIMITS }));
  await root.send(new AddUserToGroupCommand({ GroupName: 'team', UserName: 'ann' }));
  await root.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: trust() }));
  await root.send(new PutRolePolicyCommand({ RoleName: 'reader', PolicyName: 'own', PolicyDocument: DOCUMENT }));
  await root.send(new AttachRolePolicyCommand({ RoleName: 'reader', PolicyArn: READ_ONLY }));
  await root.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'machine' }));
  await root.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: 'machine', RoleName: 'reader' }));
});
afterAll(() => host.close());

const details = (input: Partial<GetAccountAuthorizationDetailsCommandInput> = {}) =>
  host.root.send(new GetAccountAuthorizationDetailsCommand(input));

it('shows everything, and how it hangs together', async () => {
  const all = await details();
  expect(all.IsTruncated).toBe(false);
  const readOnly = { PolicyName: 'ReadOnlyAccess', PolicyArn: READ_ONLY };
  const inline = (PolicyName: string) => ({ PolicyName, PolicyDocument: ENCODED });
  expect(all.UserDetailList).toEqual([
    {
      Path: '/a/',
      UserName: 'ann',
      UserId: expect.stringMatching(/^AIDA/),
      Arn: arn('user/a/ann'),
      CreateDate: expect.any(Date),
      UserPolicyList: [inline('own')],
      GroupList: ['team'],
      AttachedManagedPolicies: [readOnly],
      PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: LIMITS },
      Tags: [{ Key: 'team', Value: 'blue' }],
    },
    expect.objectContaining({ UserName: 'bob', GroupList: [], AttachedManagedPolicies: [], Tags: [] }),
  ]);
  expect(all.GroupDetailList).toEqual([
    {
      Path: '/',
      GroupName: 'team',
      GroupId: expect.stringMatching(/^AGPA/),
      Arn: arn('group/team'),
      CreateDate: expect.any(Date),
      GroupPolicyList: [inline('shared')],
      AttachedManagedPolicies: [{ PolicyName: 'limits', PolicyArn: LIMITS }],
    },
  ]);
  expect(all.RoleDetailList).toMatchObject([
    {
      RoleName: 'reader',
      AssumeRolePolicyDocument: encodeURIComponent(trust()),
      InstanceProfileList: [{ InstanceProfileName: 'machine', Roles: [{ RoleName: 'reader' }] }],
      RolePolicyList: [inline('own')],
      AttachedManagedPolicies: [readOnly],
      Tags: [],
    },
  ]);
  expect(all.Policies).toEqual([
    {
      PolicyName: 'limits',
      PolicyId: expect.stringMatching(/^ANPA/),
      Arn: LIMITS,
      Path: '/',
      DefaultVersionId: 'v1',
      AttachmentCount: 1,
      PermissionsBoundaryUsageCount: 1,
      IsAttachable: true,
      Description: 'bounds',
      CreateDate: expect.any(Date),
      UpdateDate: expect.any(Date),
      PolicyVersionList: [
        { Document: ENCODED, VersionId: 'v2', IsDefaultVersion: false, CreateDate: expect.any(Date) },
        { Document: ENCODED, VersionId: 'v1', IsDefaultVersion: true, CreateDate: expect.any(Date) },
      ],
    },
    // Of AWS's own, those that somebody has.
    expect.objectContaining({ Arn: READ_ONLY, AttachmentCount: 2 }),
  ]);
});

it('shows what the filter names', async () => {
  const names = async (...Filter: GetAccountAuthorizationDetailsCommandInput['Filter'] & object) => {
    const { UserDetailList, GroupDetailList, RoleDetailList, Policies } = await details({ Filter });
    return [UserDetailList!, GroupDetailList!, RoleDetailList!, Policies!].map(list => list.length);
  };
  expect(await names('User')).toEqual([2, 0, 0, 0]);
  expect(await names('Group', 'Role')).toEqual([0, 1, 1, 0]);
  expect(await names('LocalManagedPolicy')).toEqual([0, 0, 0, 1]);
  expect(await names('AWSManagedPolicy', 'User')).toEqual([2, 0, 0, 1]);
  await expect(names('Robot' as never)).rejects.toMatchObject({ name: 'ValidationError' });
});

it.each([1, 2, 3, 4, 5, 6, 7])('shows each once in pages of %i', async MaxItems => {
  const seen: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await details({ MaxItems, ...(Marker === undefined ? {} : { Marker }) });
    const { UserDetailList = [], GroupDetailList = [], RoleDetailList = [], Policies = [] } = page;
    const shown = [...UserDetailList, ...GroupDetailList, ...RoleDetailList, ...Policies].map(each => each.Arn!);
    expect(shown.length).toBe(page.IsTruncated ? MaxItems : Math.min(MaxItems, 6 - seen.length));
    seen.push(...shown);
    Marker = page.Marker;
  } while (Marker !== undefined);
  const wanted = ['user/a/ann', 'user/bob', 'group/team', 'role/reader', 'policy/limits'].map(arn);
  expect(seen).toEqual([...wanted, READ_ONLY]);
});

it('is for those who may see it', async () => {
  const nobody = await host.user('zoe');
  await expect(nobody.send(new GetAccountAuthorizationDetailsCommand({}))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
});
