/** The stream of events over HTTP: live, continued, narrowed, and behind a slow reader. */
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { backgroundClock } from '@stormglass/base';
import { until } from '@stormglass/testing';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EventFeed } from './event-feed.ts';
import { EVENTS_PATH, mountEvents } from './event-stream.ts';

let feed: EventFeed;
let app: FastifyInstance;
const open: ClientRequest[] = [];

beforeEach(async () => {
  feed = new EventFeed({ eventsMax: 100 });
  app = Fastify({ forceCloseConnections: true });
  mountEvents(feed, backgroundClock)(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const request of open.splice(0)) request.destroy();
  await app.close();
});

/** Opens the stream; the first words have come when it resolves. */
function listen(query = '', headers: Record<string, string> = {}) {
  const { port } = app.server.address() as AddressInfo;
  const reading = { status: 0, text: '', response: undefined as IncomingMessage | undefined };
  open.push(
    get({ host: '127.0.0.1', port, path: `${EVENTS_PATH}${query}`, headers }, response => {
      reading.status = response.statusCode ?? 0;
      reading.response = response.setEncoding('utf8').on('data', text => {
        reading.text += text;
      });
      response.on('error', () => {});
    }).on('error', () => {}),
  );
  return until('the stream', () => (reading.text === '' ? undefined : reading));
}
const publish = (sequencer: number, bucket = 'pictures', text = `{"n":${sequencer}}`) =>
  feed.publish({ sequencer, bucket, text });
const heard = (reading: { text: string }) => [...reading.text.matchAll(/^id: (\d+)$/gm)].map(match => Number(match[1]));

test('events arrive as they happen, with their ids', async () => {
  publish(1);
  const reading = await listen();
  publish(2);
  await until('the event', () => reading.text.includes('id: 2\ndata: {"n":2}\n\n'));
  expect(heard(reading)).toEqual([2]);
});

test('who comes back goes on behind the last event heard', async () => {
  for (const position of [1, 2, 3]) publish(position);
  const reading = await listen('', { 'last-event-id': '1' });
  await until('both', () => heard(reading).length === 2);
  expect(heard(reading)).toEqual([2, 3]);
});

test('who was away too long is told so, once', async () => {
  for (let position = 1; position <= 200; position++) publish(position);
  const reading = await listen('', { 'last-event-id': '1' });
  await until('the last event', () => heard(reading).at(-1) === 200);
  expect(reading.text.match(/event: missed/g)).toHaveLength(1);
});

test('a bucket can be asked for', async () => {
  const reading = await listen('?bucket=letters');
  publish(1);
  publish(2, 'letters');
  await until('the event', () => heard(reading).length > 0);
  expect(heard(reading)).toEqual([2]);
});

test('a slow reader misses what is not kept, and takes no memory meanwhile', async () => {
  const reading = await listen();
  reading.response!.pause();
  const text = JSON.stringify('x'.repeat(100_000));
  for (let position = 1; position <= 1000; position++) publish(position, 'pictures', text);
  reading.response!.resume();
  await until('the last event', () => heard(reading).at(-1) === 1000);
  expect(reading.text).toContain('event: missed');
});

test('an id of something else is refused', async () => {
  expect((await listen('', { 'last-event-id': 'x' })).status).toBe(400);
});
