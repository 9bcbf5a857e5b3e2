/** Strong reads of a zone that has heard for a while that the log has no quorum: the log itself is asked first. */
import { seededRandom, silentLogger } from '@stormglass/base';
import { SimClock } from '@stormglass/testing';
import { beforeEach, expect, it } from 'vitest';
import { ListMachine } from './contract/list-machine.ts';
import { MemoryLog } from './engines/memory/memory-log.ts';
import { LogUnavailable, type ReplicatedLog } from './log.ts';
import { Replica } from './replica.ts';

const GRACE_MS = 500;

let clock: SimClock;
let log: MemoryLog;
let isCutOff: boolean;
beforeEach(() => {
  clock = new SimClock();
  log = new MemoryLog(clock);
  isCutOff = false;
});

/** A zone on the log that believes what `state` says of its quorum. */
async function zone(state: () => 'ok' | 'no-quorum') {
  const handle = log.open(() => isCutOff);
  const told: ReplicatedLog = Object.assign(Object.create(handle) as ReplicatedLog, {
    propose: handle.propose.bind(handle),
    readIndex: handle.readIndex!.bind(handle),
    subscribe: handle.subscribe.bind(handle),
    bounds: handle.bounds.bind(handle),
    health: () => ({ state: state(), copies: 1 }),
  });
  const machine = new ListMachine();
  const sources = { clock, random: seededRandom(1), logger: silentLogger };
  const replica = new Replica({ machine, log: told, quorumGraceMs: GRACE_MS, ...sources });
  await replica.start();
  return replica;
}

it('sees what was acknowledged elsewhere, where the news of a quorum comes late', async () => {
  const [here, other] = [await zone(() => 'no-quorum'), await zone(() => 'ok')];
  await clock.run(2 * GRACE_MS);
  const written = other.execute('a', { deadline: clock.monotonic() + 1000 });
  await clock.run(clock.monotonic() + 10);
  await written;
  let seen: readonly string[] | undefined;
  void here.upToDate(clock.monotonic() + 1000).then(() => {
    seen = here.view.values;
  });
  await clock.run(clock.monotonic() + 10);
  expect(seen).toEqual(['a']);
});

it('says soon that nobody answers', async () => {
  isCutOff = true;
  const here = await zone(() => 'no-quorum');
  await clock.run(2 * GRACE_MS);
  let refused: unknown;
  const asked = clock.monotonic();
  here.upToDate(asked + 5000).catch((error: unknown) => {
    refused = error;
  });
  await clock.run(asked + 150);
  expect(refused).toBeInstanceOf(LogUnavailable);
});
