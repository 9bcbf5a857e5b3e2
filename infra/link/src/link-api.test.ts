/** The API of a link: rules come, go and end by themselves, and what makes no sense is refused in words. */

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { LinkRules } from '@stormglass/faults';
import { SimClock } from '@stormglass/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveLinkApi } from './link-api.ts';
import { LinkClient, type WantedRule } from './link-client.ts';
import { TimedRules } from './timed-rules.ts';

let clock: SimClock;
let rules: LinkRules;
let server: Server;
let endpoint: string;
let client: LinkClient;

const stats = {
  ...{ connections: 3, open: 1, refused: 0, bytesThere: 10, bytesBack: 20 },
  ...{ datagramsThere: 0, datagramsBack: 0, flows: 0 },
};

beforeEach(async () => {
  clock = new SimClock();
  rules = new LinkRules();
  const timed = new TimedRules({ rules, places: ['a', 'b'], clock, random: seededRandom(1) });
  server = await serveLinkApi({ rules: timed, stats: () => stats, logger: silentLogger, port: 0 });
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new LinkClient({ endpoint, clock: systemClock });
});
afterEach(() => void server.close());

const latency = { fault: 'latency', from: 'a', to: 'b', settings: { latencyMs: 5 } };

describe('rules', () => {
  it('come one by one, are replaced by their id, and go', async () => {
    const added = await client.add(latency);
    expect(added).toEqual({
      ...{ id: expect.stringMatching(/^rule-[0-9a-f]{8}$/), fault: 'latency', from: 'a', to: 'b' },
      ...{ oneWay: false, toxicity: 1, seed: 1, settings: { latencyMs: 5, jitterMs: 0 } },
    });
    await client.add({ ...latency, id: 'mine' });
    await client.add({ fault: 'partition', id: 'mine' });
    expect((await client.rules()).map(rule => rule.fault)).toEqual(['latency', 'partition']);
    expect(rules.touches('a', 'b')).toBe(true);
    expect(await client.clear('mine')).toEqual({ cleared: 1 });
    await expect(client.clear('mine')).rejects.toMatchObject({ status: 404, message: 'there is no rule mine' });
    expect(await client.clear()).toEqual({ cleared: 1 });
    expect(rules.all).toEqual([]);
  });

  it('are replaced all at once, and what stays goes on as it is', async () => {
    await client.replace([
      { ...latency, id: 'one' },
      { fault: 'partition', id: 'two' },
    ]);
    const [one] = rules.all;
    await client.replace(await client.rules());
    expect(rules.all[0]).toBe(one);
    await client.replace([{ ...latency, id: 'one' }]);
    expect(rules.all).toEqual([one]);
    await client.replace([]);
    expect(await client.rules()).toEqual([]);
  });

  it('end by themselves', async () => {
    const { endsAt } = await client.add({ ...latency, id: 'brief', durationMs: 1000 });
    expect(endsAt).toBe(clock.now() + 1000);
    await client.add({ ...latency, id: 'long' });
    await clock.run(999);
    // Said again it ends no later; with another duration it does.
    await client.replace(await client.rules());
    expect(rules.all).toHaveLength(2);
    await clock.run(1000);
    expect(rules.all.map(({ id }) => id)).toEqual(['long']);
    await client.replace([{ ...latency, id: 'long', durationMs: 500 }]);
    await client.replace([{ ...latency, id: 'long' }]);
    await clock.run(5000);
    expect(rules.all.map(({ id }) => id)).toEqual(['long']);
  });

  const refusals: readonly (readonly [rule: unknown, message: string | RegExp])[] = [
    [{ fault: 'brew' }, /^unknown fault brew; known are latency, /],
    [{ ...latency, to: 'c' }, 'to must be one of *, a, b; it is c'],
    [{ ...latency, settings: 'fast' }, 'settings must be an object'],
    [{ ...latency, settings: { latencyMs: -1 } }, 'latencyMs must be a number from 0 to 60000'],
    [{ ...latency, durationMs: 0 }, 'durationMs must be a number from 1 to 86400000'],
    [{ ...latency, id: 'a b' }, 'id must be 1 to 64 letters, digits or one of _ . : -'],
    [{ ...latency, latencyMs: 5 }, /^a rule has no field latencyMs; known are /],
    ['latency', 'a rule must be an object'],
  ];
  it.each(refusals)('refuses %j', async (rule, message) => {
    await client.add({ ...latency, id: 'kept' });
    await expect(client.add(rule as WantedRule)).rejects.toMatchObject({ status: 400, message });
    const first = { ...latency, id: 'first' };
    await expect(client.replace([first, rule as WantedRule])).rejects.toMatchObject({
      message: typeof message === 'string' ? `rule 1: ${message}` : expect.stringContaining('rule 1: '),
    });
    expect(rules.all.map(({ id }) => id)).toEqual(['kept']);
  });

  it('refuses lists that are none, too long, or name one rule twice', async () => {
    const one = { ...latency, id: 'one' };
    const replace = (wanted: unknown) => client.replace(wanted as WantedRule[]);
    await expect(replace({})).rejects.toThrow('rules must be a list');
    await expect(replace([one, one])).rejects.toThrow('two rules have the same id');
    await expect(replace(Array(1001).fill(one))).rejects.toThrow('a link has 1000 rules at most');
  });
});

describe('other calls', () => {
  it('tell what was carried, and that it is there', async () => {
    expect(await client.stats()).toEqual(stats);
    expect(await client.health()).toEqual({ status: 'ok' });
  });

  it('refuse what is not JSON, too large, or unknown', async () => {
    const put = (body: string) => fetch(`${endpoint}/rules`, { method: 'PUT', body });
    const garbled = await put('{');
    expect([garbled.status, await garbled.json()]).toEqual([400, { message: 'the request is not JSON' }]);
    const large = await put(`[${' '.repeat(1024 * 1024)}]`);
    expect([large.status, await large.json()]).toEqual([400, { message: 'a request has 1048576 bytes at most' }]);
    const unknown = await fetch(`${endpoint}/rule`);
    expect([unknown.status, await unknown.json()]).toEqual([404, { message: 'no such call: GET /rule' }]);
  });

  it('say so when nobody is there', async () => {
    const { port } = server.address() as AddressInfo;
    server.close();
    await expect(client.health()).rejects.toThrow(
      `the link at http://127.0.0.1:${port} cannot be reached (ECONNREFUSED)`,
    );
  });
});
