import {
  CreateTableCommand,
  DeleteResourcePolicyCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetResourcePolicyCommand,
  ListTagsOfResourceCommand,
  PutResourcePolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  arnOf,
  type DynamoDbHost,
  OTHER_ACCOUNT,
  refusal,
  startDynamoDbHost,
} from '../../testing/dynamodb-host.ts';

let host: DynamoDbHost;
beforeAll(async () => {
  host = await startDynamoDbHost();
});
afterAll(() => host.close());

const allow = (Action: string, Resource: string, more: object = {}) => ({ Effect: 'Allow', Action, Resource, ...more });

describe('tags', () => {
  const tag = (ResourceArn: string, ...Tags: { Key: string; Value: string }[]) =>
    host.root.send(new TagResourceCommand({ ResourceArn, Tags }));
  const list = async (ResourceArn: string) =>
    (await host.root.send(new ListTagsOfResourceCommand({ ResourceArn }))).Tags;

  it('are put on, listed, and taken off', async () => {
    await host.table('tags', { Tags: [{ Key: 'env', Value: 'test' }] });
    await tag(arnOf('tags'), { Key: 'team', Value: 'blue' }, { Key: 'env', Value: 'prod' });
    expect(await list(arnOf('tags'))).toEqual([
      { Key: 'env', Value: 'prod' },
      { Key: 'team', Value: 'blue' },
    ]);
    await host.root.send(new UntagResourceCommand({ ResourceArn: arnOf('tags'), TagKeys: ['env', 'none'] }));
    expect(await list(arnOf('tags'))).toEqual([{ Key: 'team', Value: 'blue' }]);
  });

  it('are refused', async () => {
    await host.table('untagged');
    const x = { Key: 'x', Value: 'y' };
    const cases: readonly (readonly [Promise<unknown>, string, string])[] = [
      [tag(arnOf('untagged')), 'ValidationException', 'Atleast one Tag needs to be provided as Input.'],
      [
        tag(arnOf('untagged'), x, x),
        'ValidationException',
        'Duplicate Tag Keys provided as input: Duplicate Tag Key found x',
      ],
      [
        tag(arnOf('untagged'), ...Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: '' }))),
        'ValidationException',
        'Number of Tags exceed the current limit for the provided ResourceArn',
      ],
      [
        tag(arnOf('none'), x),
        'ResourceNotFoundException',
        `Requested resource not found: ResourcArn: ${arnOf('none')} not found`,
      ],
      [
        list(arnOf('none')),
        'ResourceNotFoundException',
        `Requested resource not found: ResourcArn: ${arnOf('none')} not found`,
      ],
      [
        tag('untagged', x),
        'ValidationException',
        "One or more parameter values were invalid: ARNs must start with 'arn:': untagged",
      ],
      [
        list(`${arnOf('untagged')}/index/x`),
        'ValidationException',
        `One or more parameter values were invalid: Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${arnOf('untagged')}/index/x`,
      ],
    ];
    for (const [call, code, message] of cases) await expect(call).rejects.toMatchObject(refusal(code, message));
  });
});

describe('the time to live', () => {
  const describeIt = async (TableName: string) =>
    (await host.root.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription;
  const update = (TableName: string, Enabled: boolean, AttributeName = 'ttl') =>
    host.root.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled, AttributeName } }));

  it('is enabled', async () => {
    await host.table('ttl');
    expect(await describeIt('ttl')).toEqual({ TimeToLiveStatus: 'DISABLED' });
    await expect(update('ttl', false)).rejects.toMatchObject(
      refusal('ValidationException', 'TimeToLive is already disabled'),
    );
    expect((await update('ttl', true)).TimeToLiveSpecification).toEqual({ Enabled: true, AttributeName: 'ttl' });
    expect(await describeIt('ttl')).toEqual({ TimeToLiveStatus: 'ENABLING', AttributeName: 'ttl' });
    await host.settle();
    expect(await describeIt('ttl')).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' });
    await expect(update('ttl', true)).rejects.toMatchObject(
      refusal('ValidationException', 'TimeToLive is already enabled'),
    );
    await expect(update('ttl', true, 'other')).rejects.toMatchObject(
      refusal('ValidationException', 'TimeToLive is active on a different AttributeName: current AttributeName is ttl'),
    );
    await expect(update('ttl', false)).rejects.toMatchObject(
      refusal('ValidationException', 'Time to live has been modified multiple times within a fixed interval'),
    );
  });

  it('is not told of a table that is being made', async () => {
    await host.root.send(
      new CreateTableCommand({
        TableName: 'early',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    await expect(describeIt('early')).rejects.toMatchObject(
      refusal(
        'ValidationException',
        'Cannot describe time to live while table is in CREATING state: Current table state is CREATING',
      ),
    );
  });
});

describe('policies', () => {
  const policyFor = (principal: string, table: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [allow('dynamodb:DescribeTable', arnOf(table), { Principal: { AWS: principal } })],
    });
  const put = (table: string, Policy: string, more: object = {}) =>
    host.root.send(new PutResourcePolicyCommand({ ResourceArn: arnOf(table), Policy, ...more }));
  const get = (table: string) => host.root.send(new GetResourcePolicyCommand({ ResourceArn: arnOf(table) }));
  const remove = (table: string, more: object = {}) =>
    host.root.send(new DeleteResourcePolicyCommand({ ResourceArn: arnOf(table), ...more }));

  it('are set, given and removed, by their revisions', async () => {
    await host.table('policy');
    await expect(get('policy')).rejects.toMatchObject(
      refusal(
        'PolicyNotFoundException',
        `Resource-based policy not found for the provided ResourceArn: ${arnOf('policy')}`,
      ),
    );
    const first = policyFor(`arn:aws:iam::${OTHER_ACCOUNT}:root`, 'policy');
    await expect(put('policy', first, { ExpectedRevisionId: '1' })).rejects.toMatchObject(
      refusal('PolicyNotFoundException'),
    );
    const { RevisionId } = await put('policy', first, { ExpectedRevisionId: 'NO_POLICY' });
    expect(await get('policy')).toMatchObject({ Policy: first, RevisionId });
    expect((await put('policy', first)).RevisionId).toBe(RevisionId);
    await expect(remove('policy', { ExpectedRevisionId: 'other' })).rejects.toMatchObject(
      refusal('PolicyNotFoundException'),
    );
    expect((await remove('policy')).RevisionId).toBe(RevisionId);
    expect((await remove('policy')).RevisionId).toBeUndefined();
    await expect(put('policy', '{')).rejects.toMatchObject(
      refusal(
        'ValidationException',
        'One or more parameter values were invalid: Invalid policy document: This policy contains invalid Json',
      ),
    );
    await expect(put('policy', JSON.stringify({ x: 'x'.repeat(20_480) }))).rejects.toMatchObject(
      refusal(
        'ValidationException',
        'One or more parameter values were invalid: Maximum policy size of 20480 bytes exceeded',
      ),
    );
  });

  it('let callers of other accounts in', async () => {
    await host.table('shared');
    const other = await host.user('guest', [allow('dynamodb:DescribeTable', arnOf('shared'))], OTHER_ACCOUNT);
    const look = () => other.send(new DescribeTableCommand({ TableName: arnOf('shared') }));
    await expect(look()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await put('shared', policyFor(`arn:aws:iam::${OTHER_ACCOUNT}:user/guest`, 'shared'));
    expect((await look()).Table?.TableArn).toBe(arnOf('shared'));
  });

  it('of users know tables and their tags', async () => {
    await host.table('mine', { Tags: [{ Key: 'team', Value: 'blue' }] });
    await host.table('other');
    const tagged = { Condition: { StringEquals: { 'aws:ResourceTag/team': 'blue' } } };
    const ann = await host.user('ann', [allow('dynamodb:DescribeTable', '*', tagged)]);
    const look = (TableName: string) => ann.send(new DescribeTableCommand({ TableName }));
    await look('mine');
    await expect(look('other')).rejects.toMatchObject(
      refusal(
        'AccessDeniedException',
        `User: arn:aws:iam::${ACCOUNT}:user/ann is not authorized to perform: dynamodb:DescribeTable on resource: ${arnOf('other')} because no identity-based policy allows the dynamodb:DescribeTable action`,
      ),
    );
  });
});
