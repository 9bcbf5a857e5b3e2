import { type Random, seededRandom, sleep } from '@stormglass/base';
import {
  type IamCommand,
  IamState,
  openSession,
  type SessionClaims,
  sealSession,
  type TemporaryCredentials,
} from '@stormglass/identity';
import { SimClock } from '@stormglass/testing';
import { afterEach, expect, it } from 'vitest';
import { keepTokenKeys, type TokenKeyOptions } from './token-key.ts';

const HOUR_MS = 3_600_000;
const LONGEST_SECONDS = 36 * 3600;

let clock: SimClock;
let stopping: AbortController;
afterEach(() => stopping.abort());

interface Zone {
  readonly replica: TokenKeyOptions['replica'];
  readonly random: Random;
  /** Neither hears nor says anything any more. */
  cutOff(): void;
}

/** Zones that apply each other's commands at once, and each of which sees to the keys. */
function zones(count: number): readonly Zone[] {
  clock = new SimClock();
  stopping = new AbortController();
  const listening = new Set<IamState>();
  let seq = 0;
  const execute = (own: IamState) => async (command: IamCommand) => {
    await sleep(clock, 1);
    const context = { seq: ++seq, now: clock.now() };
    const results = [...listening].map(state => ({ state, result: state.apply(context, command) }));
    return results.find(({ state }) => state === own)!.result;
  };
  return Array.from({ length: count }, (_, seed) => {
    const state = new IamState();
    listening.add(state);
    const stop = new AbortController();
    stopping.signal.addEventListener('abort', () => stop.abort());
    const random = seededRandom(seed);
    const replica = { view: state.view, execute: execute(state) } as Zone['replica'];
    void keepTokenKeys({ replica, random, clock, signal: stop.signal });
    return {
      ...{ replica, random },
      cutOff() {
        stop.abort();
        listening.delete(state);
      },
    };
  });
}

function seal({ replica, random }: Zone): TemporaryCredentials & { readonly expiresAt: number } {
  const issuedAt = Math.floor(clock.now() / 1000);
  const expiresAt = issuedAt + LONGEST_SECONDS;
  const claims: SessionClaims = { subject: 'root', accountId: '123456789012', issuedAt, expiresAt };
  return { ...sealSession(replica.view.tokenKeys(), claims, random), expiresAt };
}

const opens = ({ replica }: Zone, { accessKeyId, sessionToken }: TemporaryCredentials): boolean =>
  openSession(replica.view.tokenKeys(), accessKeyId, sessionToken, clock.now()).ok;

it('makes a key a day, and no session ends before its time, in any zone', async () => {
  const all = zones(3);
  const made = new Set<string>();
  const sessions: ReturnType<typeof seal>[] = [];
  await clock.run(HOUR_MS);
  for (let hour = 1; hour < 10 * 24; hour++) {
    await clock.run(hour * HOUR_MS);
    sessions.push(seal(all[hour % 3]!));
    for (const { replica } of all) {
      const keys = replica.view.tokenKeys();
      for (const { id } of keys) made.add(id);
      expect(keys.length).toBeLessThanOrEqual(4);
    }
    const alive = sessions.filter(({ expiresAt }) => expiresAt * 1000 > clock.now());
    expect(alive.length).toBeLessThanOrEqual(LONGEST_SECONDS / 3600);
    for (const zone of all) expect(alive.every(session => opens(zone, session))).toBe(true);
  }
  expect(made.size).toBe(10);
});

it('gives a zone that is cut off an hour to hear of a new key', async () => {
  const [open, late] = zones(2) as [Zone, Zone];
  await clock.run(23.9 * HOUR_MS);
  late.cutOff();
  await clock.run(24.9 * HOUR_MS);
  expect(open.replica.view.tokenKeys()).toHaveLength(2);
  expect(late.replica.view.tokenKeys()).toHaveLength(1);
  expect(opens(late, seal(open))).toBe(true);
  // From here on it has to catch up before it knows; what it seals itself goes on counting everywhere.
  await clock.run(25.1 * HOUR_MS);
  expect(opens(late, seal(open))).toBe(false);
  expect(opens(open, seal(late))).toBe(true);
});

it('seals with the old key after a long sleep, until the new one is known', async () => {
  const [zone] = zones(1) as [Zone];
  await clock.run(HOUR_MS);
  const [first] = zone.replica.view.tokenKeys();
  stopping.abort();
  await clock.run(30 * 24 * HOUR_MS);
  const { replica, random } = zone;
  stopping = new AbortController();
  void keepTokenKeys({ replica, random, clock, signal: stopping.signal });
  await clock.run(30 * 24 * HOUR_MS + HOUR_MS / 2);
  const keyOf = ({ sessionToken }: TemporaryCredentials) => Buffer.from(sessionToken, 'base64').toString('hex', 1, 5);
  expect(replica.view.tokenKeys()).toHaveLength(2);
  expect(keyOf(seal(zone))).toBe(first!.id);
  await clock.run(30 * 24 * HOUR_MS + 2 * HOUR_MS);
  expect(keyOf(seal(zone))).not.toBe(first!.id);
});
