import {
  AddTagsCommand,
  CreateTrailCommand,
  DeleteTrailCommand,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  ListTagsCommand,
  ListTrailsCommand,
  PutEventSelectorsCommand,
  RemoveTagsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeliverLog, LogDelivery } from '../delivery/trail-buckets.ts';
import { ACCOUNT, type CloudTrailHost, startCloudTrailHost } from '../testing/cloudtrail-host.ts';

let host: CloudTrailHost;
beforeEach(async () => {
  host = await startCloudTrailHost();
});
afterEach(() => host.close());

const arn = (name: string) => `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/${name}`;
const create = (Name: string, more = {}) =>
  host.root.send(new CreateTrailCommand({ Name, S3BucketName: 'my-bucket', ...more }));
const refusal = (name: string, message: unknown, httpStatusCode = 400) => ({
  name,
  message,
  $metadata: { httpStatusCode },
});

describe('a trail', () => {
  it('is made, shown, changed and deleted', async () => {
    const made = await create('first', { IsMultiRegionTrail: true });
    expect(made).toMatchObject({ Name: 'first', TrailARN: arn('first'), IncludeGlobalServiceEvents: true });
    await host.root.send(new UpdateTrailCommand({ Name: arn('first'), S3BucketName: 'other-bucket' }));
    const { Trail } = await host.root.send(new GetTrailCommand({ Name: 'first' }));
    expect(Trail).toEqual({
      ...{ Name: 'first', TrailARN: arn('first'), S3BucketName: 'other-bucket', HomeRegion: 'us-east-1' },
      ...{ IncludeGlobalServiceEvents: true, IsMultiRegionTrail: true, IsOrganizationTrail: false },
      ...{ LogFileValidationEnabled: false, HasCustomEventSelectors: false, HasInsightSelectors: false },
    });
    await create('second');
    const { trailList } = await host.root.send(new DescribeTrailsCommand({ trailNameList: ['second', 'gone-one'] }));
    expect(trailList?.map(({ Name }) => Name)).toEqual(['second']);
    const { Trails } = await host.root.send(new ListTrailsCommand({}));
    expect(Trails?.map(({ Name }) => Name)).toEqual(['first', 'second']);
    await host.root.send(new DeleteTrailCommand({ Name: 'first' }));
    await expect(host.root.send(new GetTrailCommand({ Name: 'first' }))).rejects.toMatchObject(
      refusal('TrailNotFoundException', `Unknown trail: first for the user: ${ACCOUNT}`, 404),
    );
  });

  it('logs, and says why nothing is delivered', async () => {
    await create('first');
    expect(await host.root.send(new GetTrailStatusCommand({ Name: 'first' }))).toMatchObject({ IsLogging: false });
    await host.root.send(new StartLoggingCommand({ Name: 'first' }));
    const status = await host.root.send(new GetTrailStatusCommand({ Name: arn('first') }));
    expect(status).toMatchObject({ IsLogging: true, LatestDeliveryError: 'NoSuchBucket' });
    expect(status.StartLoggingTime).toBeInstanceOf(Date);
    await host.root.send(new StopLoggingCommand({ Name: 'first' }));
    const { IsLogging, StopLoggingTime } = await host.root.send(new GetTrailStatusCommand({ Name: 'first' }));
    expect([IsLogging, StopLoggingTime instanceof Date]).toEqual([false, true]);
  });

  it('selects management events, and nothing else', async () => {
    await create('first');
    const all = await host.root.send(new GetEventSelectorsCommand({ TrailName: 'first' }));
    expect(all.EventSelectors).toEqual([
      { ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
    ]);
    const put = (more: object) => host.root.send(new PutEventSelectorsCommand({ TrailName: 'first', ...more }));
    await put({ EventSelectors: [{ ReadWriteType: 'WriteOnly', IncludeManagementEvents: true }] });
    const { Trail } = await host.root.send(new GetTrailCommand({ Name: 'first' }));
    expect(Trail?.HasCustomEventSelectors).toBe(true);
    const data = [{ DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }] }];
    await expect(put({ EventSelectors: data })).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
    await expect(put({})).rejects.toMatchObject({ name: 'InvalidEventSelectorsException' });
  });

  it('has tags', async () => {
    await create('first', { TagsList: [{ Key: 'a', Value: '1' }] });
    const TagsList = [
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '3' },
    ];
    await host.root.send(new AddTagsCommand({ ResourceId: arn('first'), TagsList }));
    const tags = async () =>
      (await host.root.send(new ListTagsCommand({ ResourceIdList: [arn('first')] }))).ResourceTagList?.[0]?.TagsList;
    expect(await tags()).toEqual(TagsList);
    await host.root.send(new RemoveTagsCommand({ ResourceId: arn('first'), TagsList: [{ Key: 'a' }] as never }));
    expect(await tags()).toEqual([{ Key: 'b', Value: '3' }]);
    const many = Array.from({ length: 50 }, (_, n) => ({ Key: `k${n}`, Value: 'v' }));
    await expect(
      host.root.send(new AddTagsCommand({ ResourceId: arn('first'), TagsList: many })),
    ).rejects.toMatchObject({ name: 'TagsLimitExceededException' });
  });
});

describe('the bucket of a trail', () => {
  let said: Awaited<ReturnType<DeliverLog>>;
  const asked: LogDelivery[] = [];
  beforeEach(async () => {
    await host.close();
    asked.length = 0;
    said = undefined;
    host = await startCloudTrailHost({
      async deliver(delivery) {
        asked.push(delivery);
        return said;
      },
    });
  });

  it('is looked at when the trail is made, and when it gets another one', async () => {
    await create('first', { S3KeyPrefix: 'logs' });
    await host.root.send(new UpdateTrailCommand({ Name: 'first', IsMultiRegionTrail: true }));
    await host.root.send(new UpdateTrailCommand({ Name: 'first', S3BucketName: 'other-bucket' }));
    expect(asked.map(({ bucket, trailArn }) => [bucket, trailArn])).toEqual([
      ['my-bucket', arn('first')],
      ['other-bucket', arn('first')],
    ]);
    for (const { key, file } of asked) {
      expect(key).toMatch(new RegExp(`^logs/AWSLogs/${ACCOUNT}/CloudTrail/us-east-1/`));
      expect(file).toBeUndefined();
    }
    await host.root.send(new StartLoggingCommand({ Name: 'first' }));
    const status = await host.root.send(new GetTrailStatusCommand({ Name: 'first' }));
    expect(status).toMatchObject({ IsLogging: true, LatestDeliveryAttemptTime: '' });
    expect(status.LatestDeliveryError).toBeUndefined();
  });

  it.each([
    ['NoSuchBucket', 'S3BucketDoesNotExistException', 'S3 bucket my-bucket does not exist!', 404],
    [
      'AccessDenied',
      'InsufficientS3BucketPolicyException',
      'Incorrect S3 bucket policy is detected for bucket: my-bucket',
      403,
    ],
  ])('is refused when S3 says %s', async (code, name, message, status) => {
    said = code;
    await expect(create('first')).rejects.toMatchObject(refusal(name, message, status));
  });
});

describe('what AWS refuses is refused', () => {
  it.each([
    ['ab', 'Trail name too short. Minimum allowed length: 3 characters. Specified name length: 2 characters.'],
    ['-abc', 'Trail name must starts with a letter or number.'],
    ['abc-', 'Trail name must ends with a letter or number.'],
    ['a..b', 'Trail name cannot have adjacent periods, underscores or hyphens.'],
    [
      'a/bc',
      'Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).',
    ],
  ])('a trail %s', async (name, message) => {
    await expect(create(name)).rejects.toMatchObject(refusal('InvalidTrailNameException', message));
  });

  it('a name twice, and more trails than the quota', async () => {
    for (const n of [1, 2, 3, 4, 5]) await create(`trail-${n}`);
    await expect(create('trail-1')).rejects.toMatchObject(
      refusal('TrailAlreadyExistsException', `Trail trail-1 already exists for customer: ${ACCOUNT}`),
    );
    await expect(create('trail-6')).rejects.toMatchObject(
      refusal('MaximumNumberOfTrailsExceededException', `User: ${ACCOUNT} already has 5 trails in us-east-1.`, 403),
    );
  });

  it.each([
    ['a bucket', { S3BucketName: 'No_Bucket' }, 'InvalidS3BucketNameException'],
    ['a topic', { SnsTopicName: 'topic' }, 'UnsupportedOperationException'],
    [
      'a combination',
      { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: false },
      'InvalidParameterCombinationException',
    ],
  ])('%s that cannot be', async (_what, more, name) => {
    await expect(create('first', more)).rejects.toMatchObject({ name });
  });

  it('the ARN of something else', async () => {
    await expect(host.root.send(new GetTrailCommand({ Name: 'arn:aws:iam::1:user/a' }))).rejects.toMatchObject({
      name: 'CloudTrailARNInvalidException',
    });
  });

  it('somebody who may not', async () => {
    const bob = await host.user('bob');
    await expect(bob.send(new StartLoggingCommand({ Name: 'first' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`cloudtrail:StartLogging on resource: ${arn('first')}`),
    });
  });
});
