import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { hexId, seededRandom } from '@stormglass/base';
import { authenticate } from '@stormglass/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, assume, assumed, policy, ROOT, type StsHost, startStsHost, trusts } from '../testing/sts-host.ts';

let host: StsHost;
let root: STSClient;
beforeAll(async () => {
  host = await startStsHost();
  root = host.client(ROOT);
});
afterAll(() => host.close());

const ANYBODY = [trusts(ACCOUNT)];
const allowSts = { Effect: 'Allow', Action: 'sts:*', Resource: '*' };

const refusal = (name: string, httpStatusCode: number, message: string) => ({
  name,
  message,
  $metadata: { httpStatusCode },
});
const notAuthorized = (who: string, action: string, arn: string) =>
  refusal('AccessDenied', 403, `User: ${who} is not authorized to perform: ${action} on resource: ${arn}`);
const bobArn = `arn:aws:iam::${ACCOUNT}:user/bob`;

describe('a session', () => {
  it('has credentials, a name and an end', async () => {
    const arn = await host.role('plain', ANYBODY, { path: '/a/' });
    const answer = await assume(root, arn, { DurationSeconds: 900 });
    expect(answer.AssumedRoleUser).toEqual({
      AssumedRoleId: 'AROAPLAIN:s1',
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/plain/s1`,
    });
    expect(answer.Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    const left = answer.Credentials!.Expiration!.getTime() - Date.now();
    expect(left).toBeGreaterThan(890_000);
    expect(left).toBeLessThanOrEqual(900_000);
    expect(answer.PackedPolicySize).toBeUndefined();
    expect((await assume(root, arn)).Credentials?.SessionToken).not.toBe(answer.Credentials?.SessionToken);
  });

  it('ends with its role, and with a forged token before it begins', async () => {
    const arn = await host.role('mortal', ANYBODY);
    const { Credentials } = await assume(root, arn);
    const accessKeyId = Credentials!.AccessKeyId!;
    const secretAccessKey = Credentials!.SecretAccessKey!;
    const who = (sessionToken: string) =>
      host.client({ accessKeyId, secretAccessKey, sessionToken }).send(new GetCallerIdentityCommand({}));
    const token = Credentials!.SessionToken!;
    await who(token);
    await expect(who(token.replace(/^(.{40})./, '$1!'))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
    await host.run({ type: 'DeleteRole', accountId: ACCOUNT, roleName: 'mortal' });
    await host.role('mortal2', ANYBODY);
    await expect(who(token)).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });
});

describe('trust', () => {
  it('must name the caller, or its account and the caller must be allowed', async () => {
    const bob = await host.user('bob');
    const byAccount = await host.role('by-account', ANYBODY);
    await expect(assume(bob, byAccount)).rejects.toMatchObject(notAuthorized(bobArn, 'sts:AssumeRole', byAccount));
    const byName = await host.role('by-name', [trusts(bobArn)]);
    await assume(bob, byName);
    const other = await host.role('other', [trusts('210987654321')]);
    await expect(assume(bob, other)).rejects.toMatchObject(notAuthorized(bobArn, 'sts:AssumeRole', other));
  });

  it('says the same of a role that does not exist, and of a wrong path', async () => {
    const nowhere = `arn:aws:iam::${ACCOUNT}:role/nowhere`;
    const who = `arn:aws:iam::${ACCOUNT}:root`;
    await expect(assume(root, nowhere)).rejects.toMatchObject(notAuthorized(who, 'sts:AssumeRole', nowhere));
    await host.role('deep', ANYBODY, { path: '/x/' });
    const shallow = `arn:aws:iam::${ACCOUNT}:role/deep`;
    await expect(assume(root, shallow)).rejects.toMatchObject(notAuthorized(who, 'sts:AssumeRole', shallow));
    await expect(assume(root, `arn:aws:iam::${ACCOUNT}:user/bob`)).rejects.toMatchObject(
      refusal('ValidationError', 400, 'Request ARN is invalid'),
    );
  });

  it('crosses accounts when both sides allow it', async () => {
    const arn = await host.role('visited', [trusts('210987654321')]);
    const stranger = host.client({ accessKeyId: '210987654321', secretAccessKey: 'test' });
    const session = await assumed(host, stranger, arn);
    expect((await session.send(new GetCallerIdentityCommand({}))).Account).toBe(ACCOUNT);
  });

  it('may ask for an external id', async () => {
    const arn = await host.role('external', [
      trusts(ACCOUNT, { Condition: { StringEquals: { 'sts:ExternalId': 'x-1' } } }),
    ]);
    await assume(root, arn, { ExternalId: 'x-1' });
    for (const more of [{}, { ExternalId: 'x-2' }])
      await expect(assume(root, arn, more)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('yields to an explicit denial, and says so', async () => {
    const eve = await host.user('eve', { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' });
    const arn = await host.role('denied', [trusts(`arn:aws:iam::${ACCOUNT}:user/eve`)]);
    await expect(assume(eve, arn)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${ACCOUNT}:user/eve is not authorized to perform: sts:AssumeRole on resource: ${arn} with an explicit deny in an identity-based policy`,
    });
  });
});

describe('duration', () => {
  it('stays within the limits of model, role and chain', async () => {
    const short = await host.role('short', ANYBODY);
    const long = await host.role('long', ANYBODY, { maxSessionDurationSeconds: 43_200 });
    await assume(root, long, { DurationSeconds: 43_200 });
    await expect(assume(root, short, { DurationSeconds: 3601 })).rejects.toMatchObject(
      refusal(
        'ValidationError',
        400,
        'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      ),
    );
    await expect(assume(root, short, { DurationSeconds: 899 })).rejects.toMatchObject(
      refusal(
        'ValidationError',
        400,
        "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
      ),
    );
    const link = await host.role('link', ANYBODY);
    const entity = { kind: 'role', name: 'link' } as const;
    await host.run({
      type: 'PutInlinePolicy',
      accountId: ACCOUNT,
      entity,
      policyName: 'p',
      document: policy(allowSts),
    });
    const session = await assumed(host, root, link);
    await assume(session, long, { DurationSeconds: 3600 });
    await expect(assume(session, long, { DurationSeconds: 3601 })).rejects.toMatchObject(
      refusal(
        'ValidationError',
        400,
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      ),
    );
  });
});

describe('tags and source identity', () => {
  const Tags = [
    { Key: 'team', Value: 'blue' },
    { Key: 'cost', Value: '7' },
  ];

  it('need their own permission', async () => {
    const arn = await host.role('untagged', [trusts(ACCOUNT, { Action: 'sts:AssumeRole' })]);
    const who = `arn:aws:iam::${ACCOUNT}:root`;
    await expect(assume(root, arn, { Tags })).rejects.toMatchObject(notAuthorized(who, 'sts:TagSession', arn));
    await expect(assume(root, arn, { SourceIdentity: 'ann' })).rejects.toMatchObject(
      notAuthorized(who, 'sts:SetSourceIdentity', arn),
    );
  });

  it('go along a chain of sessions, transitive tags only', async () => {
    const arn = await host.role('tagged', ANYBODY);
    const entity = { kind: 'role', name: 'tagged' } as const;
    await host.run({
      type: 'PutInlinePolicy',
      accountId: ACCOUNT,
      entity,
      policyName: 'p',
      document: policy(allowSts),
    });
    const first = await assume(root, arn, { Tags, TransitiveTagKeys: ['Team'], SourceIdentity: 'ann' });
    expect(first).toMatchObject({ SourceIdentity: 'ann', PackedPolicySize: expect.any(Number) });
    const session = await assumed(host, root, arn, { Tags, TransitiveTagKeys: ['team'], SourceIdentity: 'ann' });
    const second = await assume(session, arn, { Tags: [{ Key: 'own', Value: '1' }] });
    expect(second.SourceIdentity).toBe('ann');
    const { AccessKeyId, SessionToken } = second.Credentials!;
    const presented = { accessKeyId: AccessKeyId!, sessionToken: SessionToken!, region: 'us-east-1', now: Date.now() };
    expect(authenticate(host.replica.view, presented)).toMatchObject({
      principal: {
        tags: [
          { key: 'own', value: '1' },
          { key: 'team', value: 'blue' },
        ],
        transitiveTagKeys: ['team'],
        session: { sourceIdentity: 'ann' },
      },
    });
    await expect(assume(session, arn, { SourceIdentity: 'bea' })).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(assume(session, arn, { Tags: [{ Key: 'Team', Value: 'red' }] })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('conflicts with a transitive tag key from the calling session'),
    });
  });

  it('must make sense', async () => {
    const arn = await host.role('strict', ANYBODY);
    await expect(assume(root, arn, { Tags, TransitiveTagKeys: ['none'] })).rejects.toMatchObject(
      refusal('InvalidParameterValue', 400, 'The specified transitive tag key must be included in the requested tags.'),
    );
    const reserved = [{ Key: 'aws:team', Value: 'x' }];
    await expect(assume(root, arn, { Tags: reserved })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    const twice = [...Tags, { Key: 'TEAM', Value: 'x' }];
    await expect(assume(root, arn, { Tags: twice })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    const mfa = { SerialNumber: `arn:aws:iam::${ACCOUNT}:mfa/x`, TokenCode: '123456' };
    await expect(assume(root, arn, mfa)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('session policies', () => {
  it('are checked, kept and measured', async () => {
    const arn = await host.role('narrow', ANYBODY);
    const Policy = policy({ Effect: 'Allow', Action: 's3:Get*', Resource: '*' });
    const PolicyArns = [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }];
    const { PackedPolicySize, Credentials } = await assume(root, arn, { Policy, PolicyArns });
    expect(PackedPolicySize).toBeGreaterThan(0);
    expect(PackedPolicySize).toBeLessThan(20);
    const { AccessKeyId, SessionToken } = Credentials!;
    const presented = { accessKeyId: AccessKeyId!, sessionToken: SessionToken!, region: 'us-east-1', now: Date.now() };
    expect(authenticate(host.replica.view, presented)).toMatchObject({
      principal: { session: { policy: Policy, policyArns: [PolicyArns[0]!.arn] } },
    });
  });

  it('are refused when malformed, missing or too large', async () => {
    const arn = await host.role('picky', ANYBODY);
    await expect(assume(root, arn, { Policy: '{' })).rejects.toMatchObject(
      refusal('MalformedPolicyDocumentException', 400, 'This policy contains invalid Json'),
    );
    const missing = [{ arn: `arn:aws:iam::${ACCOUNT}:policy/none` }];
    await expect(assume(root, arn, { PolicyArns: missing })).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(assume(root, arn, { Policy: ' '.repeat(2049) })).rejects.toMatchObject({ name: 'ValidationError' });
    // Values that do not compress: more than the packed form may take.
    const random = seededRandom(3);
    const Tags = Array.from({ length: 50 }, (_, n) => ({ Key: `k${n}`, Value: hexId(random, 128) }));
    await expect(assume(root, arn, { Tags })).rejects.toMatchObject({
      name: 'PackedPolicyTooLargeException',
      message: expect.stringMatching(/^Packed policy consumes \d+% of allotted space, please use smaller policy\.$/),
    });
  });
});
