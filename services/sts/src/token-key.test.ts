import { seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { IamState } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { afterEach, expect, it } from 'vitest';
import { ACCOUNT, assume, ROOT, type StsHost, startStsHost, trusts } from './testing/sts-host.ts';
import { ensureTokenKey } from './token-key.ts';

let host: StsHost | undefined;
afterEach(() => host?.close());

it('lets three zones agree on one key', async () => {
  const log = new MemoryLog(systemClock);
  const zones = [1, 2, 3].map(seed => {
    const random = seededRandom(seed);
    const sources = { clock: systemClock, random, logger: silentLogger };
    return { random, replica: new Replica({ machine: new IamState(), log: log.open(), ...sources }) };
  });
  const signal = new AbortController().signal;
  await Promise.all(zones.map(({ replica }) => replica.start()));
  await Promise.all(zones.map(zone => ensureTokenKey({ ...zone, clock: systemClock, signal })));
  await Promise.all(zones.map(({ replica }) => replica.upToDate(systemClock.monotonic() + 1000)));
  const [first, ...others] = zones.map(({ replica }) => replica.view.tokenKeys());
  expect(first).toHaveLength(1);
  for (const keys of others) expect(keys).toEqual(first);
  await Promise.all(zones.map(({ replica }) => replica.close()));
});

it('keeps at it until the log answers', async () => {
  const log = new MemoryLog(systemClock);
  let refusals = 3;
  log.mishap = () => (refusals-- > 0 ? 'refused' : 'none');
  const sources = { clock: systemClock, random: seededRandom(4) };
  const replica = new Replica({ machine: new IamState(), log: log.open(), logger: silentLogger, ...sources });
  await replica.start();
  await ensureTokenKey({ replica, signal: new AbortController().signal, ...sources });
  expect(replica.view.tokenKeys()).toHaveLength(1);
  await replica.close();
});

it('stops when told to', async () => {
  const log = new MemoryLog(systemClock);
  log.mishap = () => 'refused';
  const sources = { clock: systemClock, random: seededRandom(5) };
  const replica = new Replica({ machine: new IamState(), log: log.open(), logger: silentLogger, ...sources });
  await replica.start();
  const stop = new AbortController();
  const keyed = ensureTokenKey({ replica, signal: stop.signal, ...sources });
  stop.abort();
  // Closing ends the attempt that is under way.
  await replica.close();
  await keyed;
});

it('makes AssumeRole wait for the first key', async () => {
  host = await startStsHost({ keyed: false });
  const arn = await host.role('early', [trusts(ACCOUNT)]);
  const answer = assume(host.client(ROOT), arn);
  const { replica } = host;
  systemClock.after(50, () => {
    const sources = { clock: systemClock, random: seededRandom(6) };
    void ensureTokenKey({ replica, signal: new AbortController().signal, ...sources });
  });
  expect((await answer).Credentials?.SessionToken).toBeTruthy();
});
