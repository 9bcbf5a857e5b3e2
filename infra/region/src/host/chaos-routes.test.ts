/** The chaos API on a client port: what reaches the fault board, and what comes back when it does not answer. */
import { silentLogger } from '@stormglass/base';
import type { ChaosRequest, FromHost } from '@stormglass/contracts';
import { createHttpHost } from '@stormglass/service-kit';
import { SimClock } from '@stormglass/testing';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AskWorld } from './ask-world.ts';
import { mountChaos } from './chaos-routes.ts';

let app: FastifyInstance;
let clock: SimClock;
let asked: ChaosRequest[];
let answers: boolean;
beforeEach(() => {
  asked = [];
  answers = true;
  clock = new SimClock();
  const world = new AskWorld((message: FromHost) => {
    if (message.type !== 'chaos') return;
    asked.push(message.asked);
    if (answers) world.onAnswer(message.id, { status: 200, body: [{}] });
  }, clock);
  const pipeline = {
    handle: async () => ({ status: 599, headers: {}, body: 'pipeline' }),
    refuse: () => ({ status: 598, headers: {}, body: 'refused' }),
  };
  app = createHttpHost({ pipeline, logger: silentLogger, health: () => ({}), mounts: [mountChaos(world.ask)] });
});
afterEach(() => app.close());

const FAULTS = '/_localstack/chaos/faults';

it('passes requests on as they came, whatever they say their type is', async () => {
  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain']) {
    const answer = await app.inject({
      method: 'PATCH',
      url: FAULTS,
      headers: { 'content-type': type },
      payload: '[{}]',
    });
    expect([answer.statusCode, answer.json()]).toEqual([200, [{}]]);
  }
  await app.inject({ method: 'GET', url: '/_localstack/chaos/effects' });
  expect(asked.slice(2)).toEqual([
    { method: 'PATCH', path: 'faults', body: '[{}]' },
    { method: 'GET', path: 'effects', body: '' },
  ]);
});

it('refuses what is too large, and paths that are not there', async () => {
  const large = await app.inject({ method: 'POST', url: FAULTS, payload: 'x'.repeat(70_000) });
  expect([large.statusCode, large.json()]).toMatchObject([413, { message: expect.stringContaining('larger than') }]);
  expect((await app.inject({ method: 'GET', url: '/_localstack/chaos/x' })).statusCode).toBe(404);
  expect(asked).toEqual([]);
});

it('says so when the fault board does not answer, and asks a bounded number of times', async () => {
  answers = false;
  const waiting = Array.from({ length: 65 }, async () => (await app.inject({ method: 'GET', url: FAULTS })).statusCode);
  expect(await Promise.race(waiting)).toBe(503);
  await clock.run(5001);
  expect(await Promise.all(waiting)).toEqual(Array(65).fill(503));
  expect(asked).toHaveLength(64);
  answers = true;
  expect((await app.inject({ method: 'GET', url: FAULTS })).statusCode).toBe(200);
});
