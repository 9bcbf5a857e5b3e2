/** LocalStack's chaos API on a fault board: what it answers, and what hosts are told. */
import { seededRandom } from '@stormglass/base';
import type { ToHost } from '@stormglass/contracts';
import { type HostRules, LinkRules } from '@stormglass/faults';
import { SimClock } from '@stormglass/testing';
import { beforeEach, expect, it } from 'vitest';
import { ChaosApi } from './chaos-api.ts';
import { FaultBoard } from './fault-board.ts';
import { HostFaultSwitches } from './host-faults.ts';

const ZONE = 'use1-az1';
const power = { powerOff() {}, powerOn() {}, freeze() {}, thaw() {} };
const authority = { setAway() {}, setEnded() {}, setBanned() {} };

let clock: SimClock;
let board: FaultBoard;
let hostFaults: HostFaultSwitches;
let chaos: ChaosApi;
let told: HostRules[];
let heardOf: number[];
let shares: (number | undefined)[];
beforeEach(() => {
  clock = new SimClock();
  told = [];
  heardOf = [];
  shares = [];
  const host = {
    send(message: ToHost) {
      if (message.type !== 'faults') return false;
      told.push(message.rules as HostRules);
      heardOf.push(message.version);
      return true;
    },
    limitCpu: (share: number | undefined) => void shares.push(share),
  };
  hostFaults = new HostFaultSwitches(authority, new Map([[ZONE, host]]));
  board = new FaultBoard({
    ...{ zones: new Map([[ZONE, power]]), places: [ZONE], links: new LinkRules(), clock, random: seededRandom(1) },
    switches: hostFaults.switches,
  });
  chaos = new ChaosApi({ board, zones: [ZONE], together: change => hostFaults.together(change) });
});

const ask = (method: string, path: string, body?: unknown) =>
  chaos.answer({ method, path, body: body === undefined ? '' : JSON.stringify(body) });
const inForce = () => told.at(-1)!.calls.map(({ rule }) => rule);

it('replaces, adds and removes rules, and tells hosts of each change once', () => {
  const [a, b, c] = [{ service: 'iam' }, { region: 'us-east-1', error: { code: 'X', statusCode: 418 } }, {}];
  expect(ask('POST', 'faults', [a])).toEqual({ status: 200, body: [a] });
  expect(ask('POST', 'faults', [b, c])).toEqual({ status: 200, body: [b, c] });
  expect(ask('PATCH', 'faults', [a])).toEqual({ status: 200, body: [b, c, a] });
  expect(inForce()).toEqual([b, c, a]);
  expect(ask('DELETE', 'faults', [c, { service: 'sts' }])).toEqual({ status: 200, body: [b, a] });
  expect(told).toHaveLength(4);
  expect(ask('GET', 'faults')).toEqual({ status: 200, body: [b, a] });
  expect(ask('POST', 'faults', [])).toEqual({ status: 200, body: [] });
  expect(inForce()).toEqual([]);
});

it('keeps what there is when anything is wrong', () => {
  ask('POST', 'faults', [{ service: 'iam' }]);
  const wrong: [unknown, RegExp][] = [
    [[{ service: 'sts' }, { foo: 1 }], /^rule 2: a rule has no field foo/],
    [[{ zone: 'mars' }], /^unknown zone mars; known are use1-az1$/],
    [{}, /^the rules must be an array$/],
    [Array(101).fill({}), /^at most 100 rules can be in force$/],
  ];
  for (const method of ['POST', 'PATCH', 'DELETE']) {
    for (const [body, message] of wrong) {
      expect(ask(method, 'faults', body)).toEqual({ status: 400, body: { message: expect.stringMatching(message) } });
    }
    expect(chaos.answer({ method, path: 'faults', body: '[{' })).toMatchObject({ status: 400 });
  }
  expect(ask('PATCH', 'faults', Array(100).fill({}))).toMatchObject({ status: 400 });
  expect(ask('PUT', 'faults', [])).toMatchObject({ status: 405 });
  expect(ask('GET', 'faults').body).toEqual([{ service: 'iam' }]);
});

it('slows all calls down', () => {
  expect(ask('GET', 'effects')).toEqual({ status: 200, body: { latency: 0 } });
  expect(ask('POST', 'effects', { latency: 50 })).toEqual({ status: 200, body: { latency: 50 } });
  expect(ask('POST', 'effects', { latency: 70 })).toEqual({ status: 200, body: { latency: 70 } });
  expect(told.at(-1)!.callLatencyMs).toBe(70);
  expect(board.list()).toMatchObject([{ fault: 'call-latency', settings: { latencyMs: 70 } }]);
  for (const body of [[], { latency: -1 }, { latency: 1e6 }, { latenzy: 1 }]) {
    expect(ask('POST', 'effects', body)).toMatchObject({ status: 400 });
  }
  ask('POST', 'effects', {});
  expect(told.at(-1)!.callLatencyMs).toBe(0);
});

it('is one list with the faults of the command, and rules end by themselves', async () => {
  ask('POST', 'faults', [{ service: 'iam', durationMs: 100 }]);
  const settings = { service: 'sts', 'error.code': 'Slow' };
  const { id } = board.add({ fault: 'call', zone: ZONE, seed: 3, settings });
  const added = { service: 'sts', zone: ZONE, seed: 3, error: { code: 'Slow' } };
  expect(ask('GET', 'faults').body).toEqual([{ service: 'iam', durationMs: 100 }, added]);
  await clock.run(101);
  expect(inForce()).toEqual([added]);
  board.clear(id);
  expect(ask('GET', 'faults').body).toEqual([]);
});

it('tells a host of its disk, its clock and its resolver, and limits its processor', () => {
  const disk = board.add({ fault: 'disk-full', zone: ZONE });
  expect(() => board.add({ fault: 'disk-full', zone: ZONE })).toThrow('disk-full is in force in use1-az1 already');
  expect(() => board.add({ fault: 'disk-full' })).toThrow('unknown zone ');
  board.add({ fault: 'clock-skew', zone: ZONE, settings: { skewMs: 5 } });
  const dns = board.add({ fault: 'dns-servfail', zone: ZONE, settings: { names: 'a.b' } });
  board.add({ fault: 'dns-servfail', zone: ZONE, settings: { names: 'c.d' } });
  expect(told.at(-1)).toMatchObject({ diskFull: true, skewMs: 5, dns: [{ id: dns.id, fault: 'dns-servfail' }, {}] });
  board.add({ fault: 'cpu-limit', zone: ZONE, settings: { share: '0.5' } });
  board.clear(disk.id);
  expect(told.at(-1)).toMatchObject({ diskFull: false, skewMs: 5 });
  board.clear();
  expect(told.at(-1)).toEqual({ skewMs: 0, diskFull: false, dns: [], blobs: [], calls: [], callLatencyMs: 0 });
  expect(shares).toEqual([0.5, undefined]);
});

it('says when hosts have put in force what they were told, or will not say so', async () => {
  const done = () => {
    let isDone = false;
    void hostFaults.inForce(clock).then(() => {
      isDone = true;
    });
    return async (until: number) => {
      await clock.run(until);
      return isDone;
    };
  };
  expect(await done()(0)).toBe(true);
  board.add({ fault: 'disk-full', zone: ZONE });
  const first = done();
  board.clear();
  expect(heardOf).toHaveLength(2);
  hostFaults.heard(ZONE, heardOf[0]!);
  expect(await first(10)).toBe(false);
  hostFaults.heard(ZONE, heardOf[1]!);
  expect(await first(11)).toBe(true);
  board.add({ fault: 'disk-full', zone: ZONE });
  const frozen = done();
  expect(await frozen(250)).toBe(false);
  expect(await frozen(300)).toBe(true);
});

it('takes no more faults than it can hold', () => {
  for (let n = 0; n < 256; n++) board.add({ fault: 'dns-timeout', zone: ZONE });
  expect(() => board.add({ fault: 'dns-timeout', zone: ZONE })).toThrow('256 faults are in force; clear some first');
  expect(ask('POST', 'faults', [{}])).toMatchObject({ status: 400 });
});
