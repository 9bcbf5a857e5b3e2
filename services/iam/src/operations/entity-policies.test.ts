/** What users, groups and roles have in common: inline policies and attachments; users and roles: boundaries and tags. */

import type { IAMClient } from '@aws-sdk/client-iam';
import * as iam from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const DOCUMENT = policy(allow('s3:Get*', 'arn:aws:s3:::photos/*'));
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

type Command = new (input: object) => never;
type Fields = Record<string, unknown>;
const COMMANDS = new Map<string, unknown>(Object.entries(iam));

type Kind = 'User' | 'Group' | 'Role';

/** `callFor('User', 'bob')('PutUserPolicy')` sends that command about bob. */
const callFor = (kind: Kind, name: string) => (operation: string) => {
  const Command = COMMANDS.get(`${operation}Command`) as Command;
  return async (client: IAMClient, more: Fields): Promise<Fields> => ({
    ...(await client.send(new Command({ [`${kind}Name`]: name, ...more }))),
  });
};

const runOn =
  (kind: Kind, name: string) =>
  (operation: string, more: Fields = {}): Promise<Fields> =>
    callFor(kind, name)(operation)(host.root, more);

const noneOfThatName = (kind: Kind) => noSuchEntity(`The ${kind.toLowerCase()} with name gone cannot be found.`);

beforeAll(async () => {
  await runOn('User', 'subject')('CreateUser');
  await runOn('Group', 'subject')('CreateGroup');
  await runOn('Role', 'subject')('CreateRole', { AssumeRolePolicyDocument: trust() });
});

describe.each(['User', 'Group', 'Role'] as const)('policies of a %s', kind => {
  const lower = kind.toLowerCase();
  const run = runOn(kind, 'subject');

  it('keeps inline policies', async () => {
    for (const PolicyName of ['b', 'a', 'c']) await run(`Put${kind}Policy`, { PolicyName, PolicyDocument: DOCUMENT });
    const shown = await run(`Get${kind}Policy`, { PolicyName: 'a' });
    expect(shown).toMatchObject({ [`${kind}Name`]: 'subject', PolicyName: 'a' });
    expect(decodeURIComponent(shown.PolicyDocument as string)).toBe(DOCUMENT);
    const first = await run(`List${kind}Policies`, { MaxItems: 2 });
    expect(first).toMatchObject({ PolicyNames: ['a', 'b'], IsTruncated: true });
    const second = await run(`List${kind}Policies`, { MaxItems: 2, Marker: first.Marker });
    expect(second).toMatchObject({ PolicyNames: ['c'], IsTruncated: false });
    for (const PolicyName of ['a', 'b', 'c']) await run(`Delete${kind}Policy`, { PolicyName });
    const missing = noSuchEntity(`The ${lower} policy with name a cannot be found.`);
    await expect(run(`Get${kind}Policy`, { PolicyName: 'a' })).rejects.toMatchObject(missing);
    await expect(run(`Delete${kind}Policy`, { PolicyName: 'a' })).rejects.toMatchObject(missing);
  });

  it('refuses malformed and oversize inline policies', async () => {
    const put = (PolicyDocument: string) => run(`Put${kind}Policy`, { PolicyName: 'p', PolicyDocument });
    await expect(put('{}')).rejects.toMatchObject(
      refusal('MalformedPolicyDocumentException', 400, 'Syntax errors in policy.'),
    );
    const long = policy(allow('s3:*', 'x'.repeat(12_000).replace(/^/, 'arn:aws:s3:::')));
    const limit = { User: 2048, Group: 5120, Role: 10_240 }[kind];
    const message = `Maximum policy size of ${limit} bytes exceeded for ${lower} subject`;
    await expect(put(long)).rejects.toMatchObject(refusal('LimitExceededException', 409, message));
  });

  it('attaches and detaches managed policies', async () => {
    const made = await host.root.send(
      new iam.CreatePolicyCommand({ PolicyName: `p-${lower}`, Path: '/own/', PolicyDocument: DOCUMENT }),
    );
    const own = made.Policy!.Arn!;
    for (const PolicyArn of [READ_ONLY, own, own]) await run(`Attach${kind}Policy`, { PolicyArn });
    const listed = await run(`ListAttached${kind}Policies`);
    expect(listed).toMatchObject({
      AttachedPolicies: [
        { PolicyName: `p-${lower}`, PolicyArn: own },
        { PolicyName: 'ReadOnlyAccess', PolicyArn: READ_ONLY },
      ],
      IsTruncated: false,
    });
    const under = await run(`ListAttached${kind}Policies`, { PathPrefix: '/own/' });
    expect(under.AttachedPolicies).toHaveLength(1);
    const first = await run(`ListAttached${kind}Policies`, { MaxItems: 1 });
    const second = await run(`ListAttached${kind}Policies`, { MaxItems: 1, Marker: first.Marker });
    expect([first.AttachedPolicies, second.AttachedPolicies].flat()).toEqual(listed.AttachedPolicies);
    for (const PolicyArn of [READ_ONLY, own]) await run(`Detach${kind}Policy`, { PolicyArn });
    await expect(run(`Detach${kind}Policy`, { PolicyArn: own })).rejects.toMatchObject(
      noSuchEntity(`Policy ${own} was not found.`),
    );
    const nowhere = `arn:aws:iam::${ACCOUNT}:policy/nowhere`;
    await expect(run(`Attach${kind}Policy`, { PolicyArn: nowhere })).rejects.toMatchObject(
      noSuchEntity(`Policy ${nowhere} does not exist or is not attachable.`),
    );
  });

  it.each([
    [`Put${kind}Policy`, { PolicyName: 'p', PolicyDocument: DOCUMENT }],
    [`Get${kind}Policy`, { PolicyName: 'p' }],
    [`Delete${kind}Policy`, { PolicyName: 'p' }],
    [`List${kind}Policies`, {}],
    [`Attach${kind}Policy`, { PolicyArn: READ_ONLY }],
    [`Detach${kind}Policy`, { PolicyArn: READ_ONLY }],
    [`ListAttached${kind}Policies`, {}],
  ])('%s says when there is nobody of that name', async (operation, input) => {
    await expect(runOn(kind, 'gone')(operation, input)).rejects.toMatchObject(noneOfThatName(kind));
  });
});

describe.each(['User', 'Role'] as const)('%s', kind => {
  const run = runOn(kind, 'subject');

  it('has a permissions boundary or none', async () => {
    await run(`Put${kind}PermissionsBoundary`, { PermissionsBoundary: READ_ONLY });
    expect((await run(`Get${kind}`))[kind]).toMatchObject({
      PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: READ_ONLY },
    });
    await run(`Delete${kind}PermissionsBoundary`);
    expect((await run(`Get${kind}`))[kind]).not.toHaveProperty('PermissionsBoundary');
    await expect(run(`Delete${kind}PermissionsBoundary`)).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    const PermissionsBoundary = `arn:aws:iam::${ACCOUNT}:policy/nowhere`;
    await expect(run(`Put${kind}PermissionsBoundary`, { PermissionsBoundary })).rejects.toMatchObject(
      noSuchEntity(`Scope ARN: ${PermissionsBoundary} does not exist or is not attachable.`),
    );
  });

  it('keeps tags', async () => {
    const Tags = ['a', 'b', 'c'].map(Key => ({ Key, Value: `${Key}1` }));
    await run(`Tag${kind}`, { Tags });
    await run(`Tag${kind}`, { Tags: [{ Key: 'B', Value: 'b2' }] });
    await run(`Untag${kind}`, { TagKeys: ['C', 'none'] });
    const kept = [Tags[0], { Key: 'B', Value: 'b2' }];
    expect(await run(`List${kind}Tags`)).toMatchObject({ Tags: kept, IsTruncated: false });
    const first = await run(`List${kind}Tags`, { MaxItems: 1 });
    const second = await run(`List${kind}Tags`, { MaxItems: 1, Marker: first.Marker });
    expect([first.Tags, second.Tags].flat()).toEqual(kept);
    const twice = [
      { Key: 'x', Value: '1' },
      { Key: 'X', Value: '2' },
    ];
    await expect(run(`Tag${kind}`, { Tags: twice })).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    });
  });

  it.each([
    [`Put${kind}PermissionsBoundary`, { PermissionsBoundary: READ_ONLY }],
    [`Delete${kind}PermissionsBoundary`, {}],
    [`Tag${kind}`, { Tags: [] }],
    [`Untag${kind}`, { TagKeys: [] }],
    [`List${kind}Tags`, {}],
  ])('%s says when there is nobody of that name', async (operation, input) => {
    await expect(runOn(kind, 'gone')(operation, input)).rejects.toMatchObject(noneOfThatName(kind));
  });
});
