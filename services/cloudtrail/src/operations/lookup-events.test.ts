import {
  type LookupAttributeKey,
  LookupEventsCommand,
  type LookupEventsCommandInput,
} from '@aws-sdk/client-cloudtrail';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, type CloudTrailHost, startCloudTrailHost } from '../testing/cloudtrail-host.ts';

const MINUTE = 60_000;
const NOW = Date.now();
const at = (minutesAgo: number) => NOW - minutesAgo * MINUTE;

let host: CloudTrailHost;
const found = async (input: LookupEventsCommandInput = {}) => {
  const { Events = [] } = await host.root.send(new LookupEventsCommand(input));
  return Events.map(({ EventId }) => EventId);
};

beforeAll(async () => {
  host = await startCloudTrailHost();
  await host.record(
    anEvent('e2', at(20), { user: 'bob', resources: [['AWS::IAM::User', 'eve']] }),
    anEvent('e1', at(30), { accessKeyId: 'AKIAONE' }),
  );
  await host.record(anEvent('e3', at(10), { name: 'GetCallerIdentity', source: 'sts.amazonaws.com', readOnly: true }));
  // What others did, and what is too old.
  await host.record(anEvent('x1', at(5), { account: '999999999999' }), anEvent('x2', at(91 * 24 * 60)));
});
afterAll(() => host.close());

describe('events', () => {
  it('come with the newest first, as they were recorded', async () => {
    const { Events, NextToken } = await host.root.send(new LookupEventsCommand({}));
    expect(NextToken).toBeUndefined();
    expect(Events?.map(({ EventId }) => EventId)).toEqual(['e3', 'e2', 'e1']);
    expect(Events?.[1]).toEqual({
      EventId: 'e2',
      EventName: 'CreateUser',
      EventSource: 'iam.amazonaws.com',
      EventTime: new Date(Math.floor(at(20) / 1000) * 1000),
      ReadOnly: 'false',
      Username: 'bob',
      AccessKeyId: '123456789012',
      Resources: [{ ResourceType: 'AWS::IAM::User', ResourceName: 'eve' }],
      CloudTrailEvent: '{"eventID":"e2","eventName":"CreateUser"}',
    });
  });

  it.each<[LookupAttributeKey, string, string[]]>([
    ['EventId', 'e1', ['e1']],
    ['EventName', 'GetCallerIdentity', ['e3']],
    ['EventSource', 'iam.amazonaws.com', ['e2', 'e1']],
    ['ReadOnly', 'true', ['e3']],
    ['Username', 'bob', ['e2']],
    ['AccessKeyId', 'AKIAONE', ['e1']],
    ['ResourceType', 'AWS::IAM::User', ['e2']],
    ['ResourceName', 'eve', ['e2']],
    ['ResourceName', 'nobody', []],
  ])('are found by %s %s', async (AttributeKey, AttributeValue, expected) => {
    expect(await found({ LookupAttributes: [{ AttributeKey, AttributeValue }] })).toEqual(expected);
  });

  it('are found by time', async () => {
    expect(await found({ StartTime: new Date(at(25)) })).toEqual(['e3', 'e2']);
    expect(await found({ EndTime: new Date(at(15)) })).toEqual(['e2', 'e1']);
    expect(await found({ StartTime: new Date(at(25)), EndTime: new Date(at(15)) })).toEqual(['e2']);
  });

  it('come in pages, which later events do not move', async () => {
    const first = await host.root.send(new LookupEventsCommand({ MaxResults: 2 }));
    expect(first.Events?.map(({ EventId }) => EventId)).toEqual(['e3', 'e2']);
    await host.record(anEvent('e4', at(1)));
    const rest = await host.root.send(new LookupEventsCommand({ MaxResults: 2, NextToken: first.NextToken }));
    expect(rest.Events?.map(({ EventId }) => EventId)).toEqual(['e1']);
    expect(rest.NextToken).toBeUndefined();
  });

  it('are there once, however often they come', async () => {
    await host.record(anEvent('e1', at(30)), anEvent('e2', at(20)));
    expect((await found()).filter(id => id === 'e1')).toEqual(['e1']);
  });
});

describe('a question that makes no sense', () => {
  it.each<[string, LookupEventsCommandInput, string]>([
    [
      'two attributes',
      { LookupAttributes: ['a', 'b'].map(AttributeValue => ({ AttributeKey: 'EventName', AttributeValue })) },
      'InvalidLookupAttributesException',
    ],
    [
      'a range that ends before it begins',
      { StartTime: new Date(at(1)), EndTime: new Date(at(2)) },
      'InvalidTimeRangeException',
    ],
    ['a token of nobody', { NextToken: 'abc' }, 'InvalidNextTokenException'],
    ['too many results', { MaxResults: 51 }, 'ValidationException'],
  ])('%s is refused', async (_what, input, name) => {
    await expect(found(input)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });

  it('with the token of another question is refused', async () => {
    const { NextToken } = await host.root.send(new LookupEventsCommand({ MaxResults: 1 }));
    await expect(found({ NextToken, StartTime: new Date(at(60)) })).rejects.toMatchObject({
      name: 'InvalidNextTokenException',
    });
  });
});

it('asks for permission', async () => {
  const bob = await host.user('bob');
  await expect(bob.send(new LookupEventsCommand({}))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    $metadata: { httpStatusCode: 400 },
  });
});
