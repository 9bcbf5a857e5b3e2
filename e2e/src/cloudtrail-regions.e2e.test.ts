/** Two regions: calls to the global endpoint of STS belong to the trail of the home region, wherever they are served. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { type Signer, signAction, until } from '@stormglass/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RegionUnderTest } from './region-under-test.ts';

const HOME = 'us-east-1';
const AWAY = 'ap-southeast-2';
let world: RegionUnderTest;
beforeAll(async () => {
  world = await RegionUnderTest.start(['--regions', `${HOME},${AWAY}`, '--region-latency', '60']);
});
afterAll(() => world?.close());

async function endpointOf(region: string): Promise<string> {
  const { regions = [] } = await world.world.status();
  return regions.find(each => each.region === region)!.endpoint;
}

/** `GetCallerIdentity` in the second region, by the name of the global endpoint or of the region; its request id. */
async function identify(host: string, signedFor: string): Promise<string> {
  const signer: Signer = { accessKeyId: 'test', secretAccessKey: 'test', region: signedFor, service: 'sts' };
  const action = { Action: 'GetCallerIdentity', Version: '2011-06-15' };
  const { headers, body } = signAction(signer, action, { nowMs: Date.now(), host });
  const { hostname, port } = new URL(await endpointOf(AWAY));
  const sent = request({ host: hostname, port, method: 'POST', path: '/', headers });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  expect(answer.statusCode).toBe(200);
  return String(answer.headers['x-amzn-requestid']);
}

/** The events of a call in the trail of a region. */
async function eventsOf(region: string, requestId: string): Promise<Record<string, unknown>[]> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new CloudTrailClient({ endpoint: await endpointOf(region), region, credentials });
  try {
    const { Events = [] } = await client.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'GetCallerIdentity' }],
      }),
    );
    const records = Events.map(({ CloudTrailEvent = '{}' }) => JSON.parse(CloudTrailEvent) as Record<string, unknown>);
    return records.filter(({ requestID }) => requestID === requestId);
  } finally {
    client.destroy();
  }
}

const arrival = (region: string, requestId: string) =>
  until(`the event in ${region}`, async () => {
    const found = await eventsOf(region, requestId);
    return found.length > 0 ? found : undefined;
  });
const servedAway = (endpointType: string) => ({ RequestDetails: { awsServingRegion: AWAY, endpointType } });

it('a call to the global endpoint is in the trail of the home region, and in no other', async () => {
  const requestId = await identify('sts.amazonaws.com', HOME);
  const found = await arrival(HOME, requestId);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ awsRegion: HOME, additionalEventData: servedAway('global') });
  expect(await eventsOf(AWAY, requestId)).toEqual([]);
});

it('a call to a regional endpoint is in the trail of its region, and in no other', async () => {
  const requestId = await identify(`sts.${AWAY}.amazonaws.com`, AWAY);
  const found = await arrival(AWAY, requestId);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ awsRegion: AWAY, additionalEventData: servedAway('regional') });
  expect(await eventsOf(HOME, requestId)).toEqual([]);
});

it('a home region that cannot be reached gets its events when it can', async () => {
  const { id } = await world.world.addFault({ fault: 'partition', from: HOME, to: AWAY });
  const regional = await identify(`sts.${AWAY}.amazonaws.com`, AWAY);
  const global = await identify('sts.amazonaws.com', HOME);
  await arrival(AWAY, regional);
  expect(await eventsOf(HOME, global)).toEqual([]);
  await world.world.clearFaults(id);
  expect(await arrival(HOME, global)).toHaveLength(1);
});
