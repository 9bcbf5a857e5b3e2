import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetAccountSummaryCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  type ListPoliciesCommandInput,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
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

const DOCUMENT = policy(allow('s3:*'));
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';

const createPolicy = async (PolicyName: string, more: object = {}) =>
  (await host.root.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: DOCUMENT, ...more }))).Policy!;
const addVersion = (PolicyArn: string, document = DOCUMENT, SetAsDefault = false) =>
  host.root.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document, SetAsDefault }));

it('makes, shows and deletes a policy', async () => {
  const made = await createPolicy('photos', {
    Path: '/a/',
    Description: 'all photos',
    Tags: [{ Key: 'k', Value: 'v' }],
  });
  const Arn = `arn:aws:iam::${ACCOUNT}:policy/a/photos`;
  expect(made).toMatchObject({
    Arn,
    PolicyName: 'photos',
    PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/),
    Path: '/a/',
    DefaultVersionId: 'v1',
    AttachmentCount: 0,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    Description: 'all photos',
    Tags: [{ Key: 'k', Value: 'v' }],
  });
  expect((await host.root.send(new GetPolicyCommand({ PolicyArn: Arn }))).Policy).toEqual(made);
  await expect(createPolicy('Photos')).rejects.toMatchObject(
    refusal(
      'EntityAlreadyExistsException',
      409,
      'A policy called Photos already exists. Duplicate names are not allowed.',
    ),
  );
  await host.root.send(new DeletePolicyCommand({ PolicyArn: Arn }));
  const missing = noSuchEntity(`Policy ${Arn} was not found.`);
  await expect(host.root.send(new GetPolicyCommand({ PolicyArn: Arn }))).rejects.toMatchObject(missing);
  await expect(host.root.send(new DeletePolicyCommand({ PolicyArn: Arn }))).rejects.toMatchObject(missing);
  await expect(addVersion(Arn)).rejects.toMatchObject(missing);
});

it('keeps versions, one of them in force', async () => {
  const { Arn: PolicyArn } = await createPolicy('versions');
  const second = policy(allow('s3:Get*'));
  const { PolicyVersion } = await addVersion(PolicyArn!, second, true);
  expect(PolicyVersion).toMatchObject({ VersionId: 'v2', IsDefaultVersion: true });
  expect(PolicyVersion!.Document).toBeUndefined();
  for (const n of [3, 4, 5])
    expect((await addVersion(PolicyArn!)).PolicyVersion).toMatchObject({ VersionId: `v${n}`, IsDefaultVersion: false });
  await expect(addVersion(PolicyArn!)).rejects.toMatchObject({
    name: 'LimitExceededException',
    message: expect.stringContaining('up to 5 versions'),
  });
  const shown = await host.root.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
  expect(shown.PolicyVersion).toMatchObject({ IsDefaultVersion: true });
  expect(decodeURIComponent(shown.PolicyVersion!.Document!)).toBe(second);
  const deleteVersion = (VersionId: string) => host.root.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
  await expect(deleteVersion('v2')).rejects.toMatchObject(
    refusal('DeleteConflictException', 409, 'Cannot delete the default version of a policy.'),
  );
  await host.root.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  await deleteVersion('v2');
  const first = await host.root.send(new ListPolicyVersionsCommand({ PolicyArn, MaxItems: 3 }));
  const rest = await host.root.send(new ListPolicyVersionsCommand({ PolicyArn, Marker: first.Marker }));
  const versions = [...first.Versions!, ...rest.Versions!];
  expect(versions.map(version => `${version.VersionId} ${version.IsDefaultVersion}`)).toEqual([
    'v5 false',
    'v4 false',
    'v3 false',
    'v1 true',
  ]);
  await expect(host.root.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }))).rejects.toMatchObject(
    noSuchEntity(`Policy ${PolicyArn} version v2 does not exist or is not attachable.`),
  );
  await expect(host.root.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
    name: 'DeleteConflictException',
    message: expect.stringContaining('more than one version'),
  });
});

it('shows the policies of AWS, with documents, and lets nobody change them', async () => {
  const { Policy } = await host.root.send(new GetPolicyCommand({ PolicyArn: ADMIN }));
  expect(Policy).toMatchObject({ PolicyName: 'AdministratorAccess', DefaultVersionId: 'v1', AttachmentCount: 0 });
  const version = await host.root.send(new GetPolicyVersionCommand({ PolicyArn: ADMIN, VersionId: 'v1' }));
  expect(JSON.parse(decodeURIComponent(version.PolicyVersion!.Document!))).toMatchObject({ Version: '2012-10-17' });
  await expect(addVersion(ADMIN)).rejects.toMatchObject({ name: 'NoSuchEntityException' });
});

it('does not show the policies of another account', async () => {
  const { Arn: PolicyArn } = await createPolicy('private');
  const stranger = host.client({ accessKeyId: '210987654321', secretAccessKey: 'test' });
  await expect(stranger.send(new GetPolicyCommand({ PolicyArn }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
  });
  await expect(stranger.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
  });
});

it('lists entities by how they have a policy', async () => {
  const { Arn: PolicyArn } = await createPolicy('shared');
  const both = { UserName: 'both', PermissionsBoundary: PolicyArn };
  await host.root.send(new CreateUserCommand(both));
  await host.root.send(new CreateUserCommand({ UserName: 'has', Path: '/x/' }));
  await host.root.send(
    new CreateRoleCommand({ RoleName: 'bounded', AssumeRolePolicyDocument: trust(), PermissionsBoundary: PolicyArn }),
  );
  for (const UserName of ['both', 'has']) await host.root.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  const list = async (more: object = {}) => {
    const found = await host.root.send(new ListEntitiesForPolicyCommand({ PolicyArn, ...more }));
    expect(found.PolicyGroups ?? []).toEqual([]);
    const names = [...found.PolicyRoles!.map(role => role.RoleName), ...found.PolicyUsers!.map(user => user.UserName)];
    return { names: names.join(), marker: found.Marker, ids: found.PolicyUsers!.map(user => user.UserId) };
  };
  expect((await list()).names).toBe('bounded,both,has');
  expect((await list()).ids).toEqual([expect.stringMatching(/^AIDA/), expect.stringMatching(/^AIDA/)]);
  expect((await list({ EntityFilter: 'Role' })).names).toBe('bounded');
  expect((await list({ PolicyUsageFilter: 'PermissionsPolicy' })).names).toBe('both,has');
  expect((await list({ PolicyUsageFilter: 'PermissionsBoundary' })).names).toBe('bounded,both');
  expect((await list({ PathPrefix: '/x/' })).names).toBe('has');
  const first = await list({ MaxItems: 2 });
  expect([first.names, (await list({ MaxItems: 2, Marker: first.marker })).names]).toEqual(['bounded,both', 'has']);
  expect((await host.root.send(new GetPolicyCommand({ PolicyArn }))).Policy).toMatchObject({
    AttachmentCount: 2,
    PermissionsBoundaryUsageCount: 2,
  });
  await expect(host.root.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject(
    refusal('DeleteConflictException', 409, 'Cannot delete a policy attached to entities.'),
  );
});

it('lists policies by scope, path and use', async () => {
  const { Arn: used } = await createPolicy('used', { Path: '/listed/' });
  await createPolicy('unused', { Path: '/listed/' });
  await host.root.send(new CreateUserCommand({ UserName: 'lister' }));
  for (const PolicyArn of [used, ADMIN])
    await host.root.send(new AttachUserPolicyCommand({ UserName: 'lister', PolicyArn }));
  const names = async (input: ListPoliciesCommandInput) => {
    const { Policies } = await host.root.send(new ListPoliciesCommand(input));
    return Policies!.map(found => found.PolicyName).join();
  };
  expect(await names({ Scope: 'Local', PathPrefix: '/listed/' })).toBe('unused,used');
  expect(await names({ PathPrefix: '/listed/', OnlyAttached: true })).toBe('used');
  expect(await names({ Scope: 'AWS', OnlyAttached: true })).toBe('AdministratorAccess');
  const all: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await host.root.send(new ListPoliciesCommand({ MaxItems: 7, Marker }));
    all.push(...page.Policies!.map(found => found.Arn!));
    Marker = page.Marker;
  } while (Marker !== undefined);
  expect(new Set(all).size).toBe(all.length);
  expect(all).toContain(used);
  expect(all).toContain(ADMIN);
});

it('counts what the account has', async () => {
  const { SummaryMap } = await host.root.send(new GetAccountSummaryCommand({}));
  expect(SummaryMap).toMatchObject({ Users: 3, Roles: 1, UsersQuota: 5000, AccessKeysPerUserQuota: 2 });
});
