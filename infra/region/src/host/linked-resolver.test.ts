import { seededRandom, silentLogger } from '@stormglass/base';
import { staticAuthority } from '@stormglass/dns';
import { LinkRules, parseLinkRule } from '@stormglass/faults';
import { SimClock } from '@stormglass/testing';
import { beforeEach, expect, it } from 'vitest';
import { LinkedResolver } from './linked-resolver.ts';

const ZONE = 'use1-az1';
const from = { address: '127.0.0.1', transport: 'udp' } as const;

/** A question for the address of `a.test`. */
const QUESTION = Buffer.from('000701000001000000000000' + '016104746573740000010001', 'hex');

let links: LinkRules;
let clock: SimClock;
let resolver: LinkedResolver;
beforeEach(() => {
  links = new LinkRules();
  clock = new SimClock();
  const times = { serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 1 };
  const soa = { name: 'test', type: 'SOA', ttl: 5, data: { mname: 'ns.test', rname: 'me.test', ...times } };
  const record = { name: 'a.test', type: 'A', ttl: 5, data: '127.66.0.1' };
  resolver = new LinkedResolver({
    ...{ authorities: [staticAuthority([{ apex: 'test', records: [soa, record] }])] },
    ...{ asked: { zone: ZONE, region: 'us-east-1' }, links, clock, random: seededRandom(1), logger: silentLogger },
  });
});

const addFault = (fault: string, settings = {}, oneWay = false) =>
  links.add(parseLinkRule(fault, { fault, from: ZONE, to: 'clients', settings, oneWay }, [ZONE, 'clients', 'log']));

/** Asks, lets `ms` of virtual time pass, and tells what came: the answer's last byte, nothing, or no word yet. */
async function ask(ms: number): Promise<number | undefined | 'waiting'> {
  let said: number | undefined | 'waiting' = 'waiting';
  const answer = resolver.handle(QUESTION, from);
  void Promise.resolve(answer).then(bytes => {
    said = bytes?.at(-1);
  });
  await clock.run(clock.monotonic() + ms);
  return said;
}

it('answers at once on a clean link, whatever is broken elsewhere', () => {
  links.add(parseLinkRule('f', { fault: 'partition', from: ZONE, to: 'log' }, [ZONE, 'log']));
  expect(resolver.handle(QUESTION, from)).toBeInstanceOf(Buffer);
});

it('answers as late as the link is slow', async () => {
  addFault('latency', { latencyMs: 100 });
  expect(await ask(150)).toBe('waiting');
  expect(await ask(250)).toBe(1);
});

it.each([false, true])('loses what a partition keeps from passing (one way: %s), and answers inside', async oneWay => {
  addFault('partition', {}, oneWay);
  expect(await ask(4999)).toBe('waiting');
  expect(await ask(5001)).toBe(undefined);
  expect(await resolver.resolve('a.test', 'A')).toHaveLength(1);
  links.remove('partition');
  expect(await ask(0)).toBe(1);
});

it('answers nothing where the link breaks connections', async () => {
  addFault('reset');
  expect(await ask(5001)).toBe(undefined);
});

it('holds a bounded number of queries, and takes others when those are lost', async () => {
  addFault('partition');
  for (let n = 0; n < 1024; n++) void resolver.handle(QUESTION, from);
  expect(resolver.handle(QUESTION, from)).toBe(undefined);
  await clock.run(clock.monotonic() + 6000);
  expect(resolver.handle(QUESTION, from)).toBeInstanceOf(Promise);
});
