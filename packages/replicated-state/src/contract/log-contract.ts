/**
 * The contract every log engine is held to. An engine's test opens a cluster and calls `describeLogContract`; the cases
 * know the port and the replica above it, nothing of the engine.
 */
import { silentLogger, systemClock, systemRandom } from '@stormglass/base';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LogEntry, type ReplicatedLog, Truncated } from '../log.ts';
import { type LogTracing, Replica } from '../replica.ts';
import { ListMachine } from './list-machine.ts';
import {
  type ChaosPlan,
  caughtUp,
  type LogCluster,
  openListReplica,
  openListReplicas,
  runLogChaos,
} from './log-chaos.ts';

export type { ChaosPlan, ChaosReport, Heal, LogCluster } from './log-chaos.ts';
export { runLogChaos } from './log-chaos.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (entry: LogEntry) => new TextDecoder().decode(entry.payload);
const soon = () => AbortSignal.timeout(20_000);

/** Proposes until the log takes it: the port promises one attempt only. */
async function store(log: ReplicatedLog, payload: string): Promise<number> {
  return until(`"${payload}" to be stored`, () => log.propose(bytes(payload), soon()).catch(() => undefined));
}

/** Notes which traces are applied where. */
const tracesSeen = (zone: string, applied: [zone: string, trace: string][]): LogTracing => ({
  commit: parent => ({ traceparent: parent, committed: () => {}, failed: () => {} }),
  storing: () => () => {},
  applying: traces => () => void applied.push(...traces.map((trace): [string, string] => [zone, trace])),
});

export function describeLogContract(
  name: string,
  open: () => Promise<LogCluster>,
  chaos: { readonly plan: Omit<ChaosPlan, 'fault'>; readonly report?: (fault: string, report: unknown) => void },
): void {
  describe(`log contract: ${name}`, () => {
    let cluster: LogCluster;
    beforeAll(async () => {
      cluster = await open();
    });
    afterAll(() => cluster?.close());

    /** A zone's handle, following from the log's present end; own entries of the engine are left out. */
    const follow = async (zone: string, from?: number) => {
      const log = await cluster.open(zone);
      const stop = new AbortController();
      const { first, last } = await log.bounds(soon());
      const seen: LogEntry[] = [];
      const done = log.subscribe(from ?? Math.max(first, last + 1), batch => void seen.push(...batch), stop.signal);
      const close = async () => {
        stop.abort();
        await done;
        await log.close();
      };
      return { log, seen, close, payloads: () => seen.filter(e => e.payload.length > 0).map(text) };
    };

    it('hands every zone the same entries in the same order, without gaps', async () => {
      const zones = await Promise.all(cluster.zones.map(zone => follow(zone)));
      for (let i = 0; i < 30; i++) await store(zones[i % 3]!.log, `entry ${i}`);
      for (const zone of zones) {
        await until('all entries', () => zone.payloads().includes('entry 29'));
        const seqs = zone.seen.map(e => e.seq);
        expect(seqs).toEqual(seqs.map((_, i) => seqs[0]! + i));
        const times = zone.seen.map(e => e.time);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }
      const shared = (z: (typeof zones)[number]) => z.payloads().slice(z.payloads().indexOf('entry 0'));
      expect(shared(zones[1]!)).toEqual(shared(zones[0]!));
      expect(shared(zones[2]!)).toEqual(shared(zones[0]!));
      await Promise.all(zones.map(z => z.close()));
    });

    it('starts a subscription anywhere and names the position of what it stored', async () => {
      const log = await cluster.open(cluster.zones[0]!);
      const at = await store(log, 'somewhere');
      await store(log, 'behind it');
      const later = await follow(cluster.zones[1]!, at);
      await until('both', () => later.payloads().includes('behind it'));
      expect(later.seen[0]!.seq).toBe(at);
      expect(text(later.seen[0]!)).toBe('somewhere');
      await later.close();
      await log.close();
    });

    it('ends a subscription at once that was given up before it began', async () => {
      const log = await cluster.open(cluster.zones[0]!);
      await log.subscribe(1, () => {}, AbortSignal.abort()).catch(() => {});
      await log.close();
    });

    it('answers a read index at or behind everything acknowledged before', async () => {
      const log = await cluster.open(cluster.zones[2]!);
      const at = await store(log, 'read me');
      const other = await cluster.open(cluster.zones[0]!);
      if (other.readIndex !== undefined) {
        const index = await until('an index', () => other.readIndex?.(soon()).catch(() => undefined));
        expect(index).toBeGreaterThanOrEqual(at);
      }
      await log.close();
      await other.close();
    });

    it('executes each command once, whatever its caller retries', async () => {
      const [a, b] = await Promise.all([0, 1].map(i => openListReplica(cluster, cluster.zones[i]!, 15_000)));
      const deadline = () => systemClock.monotonic() + 20_000;
      const place = await a!.execute('once', { id: 'call-1', deadline: deadline() });
      expect(await a!.execute('once', { id: 'call-1', deadline: deadline() })).toBe(place);
      expect(await b!.execute('once', { id: 'call-1', deadline: deadline() })).toBe(place);
      await b!.upToDate(deadline());
      expect(b!.view.values.filter(v => v === 'once')).toHaveLength(1);
      await Promise.all([a!.close(), b!.close()]);
    });

    it('shows a strong read what any zone acknowledged before', async () => {
      const replicas = await Promise.all(cluster.zones.map(zone => openListReplica(cluster, zone, 15_000)));
      for (let i = 0; i < 15; i++) {
        const deadline = systemClock.monotonic() + 20_000;
        const value = `strong ${i}`;
        await replicas[i % 3]!.execute(value, { deadline });
        await replicas[(i + 1) % 3]!.upToDate(deadline);
        expect(replicas[(i + 1) % 3]!.view.values).toContain(value);
      }
      await Promise.all(replicas.map(r => r.close()));
    });

    it('carries the trace of a command to every zone', async () => {
      const trace = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01 vendor=ä`;
      const applied: [zone: string, trace: string][] = [];
      const replicas = await Promise.all(
        cluster.zones.map(zone => openListReplica(cluster, zone, 15_000, tracesSeen(zone, applied))),
      );
      await replicas[0]!.execute('traced', { deadline: systemClock.monotonic() + 20_000, trace });
      await until('every zone to apply it', () => new Set(applied.map(([zone]) => zone)).size === 3);
      // An engine may store it twice.
      expect(new Set(applied.map(([zone, seen]) => `${zone}: ${seen}`))).toEqual(
        new Set(cluster.zones.map(zone => `${zone}: ${trace}`)),
      );
      await Promise.all(replicas.map(r => r.close()));
    });

    describe('chaos', () => {
      it('fails no request, loses, doubles and reorders nothing, and reads nothing stale', {
        timeout: 3_600_000,
      }, async () => {
        const replicas = await openListReplicas(cluster, chaos.plan.quorumGraceMs);
        for (const fault of Object.keys(cluster.faults)) {
          const report = await runLogChaos(cluster, replicas, { ...chaos.plan, fault });
          chaos.report?.(fault, report);
          expect(report.violations, fault).toEqual([]);
          // Requests wait for the log to heal, within their deadline.
          expect(report.failed, fault).toBe(0);
          expect(report.acknowledged, fault).toBeGreaterThan(0);
        }
        await Promise.all(replicas.map(replica => replica.close()));
      });
    });

    // The cases that trim the log come last: the replicas of the others start from its first entry.
    it('brings a new replica up to date from a peer when the log has been trimmed', { timeout: 300_000 }, async () => {
      const old = await openListReplica(cluster, cluster.zones[0]!, 15_000);
      await caughtUp(old);
      const deadline = systemClock.monotonic() + 20_000;
      for (let i = 0; i < 10; i++) await old.execute(`old ${i}`, { deadline });
      const log = await cluster.open(cluster.zones[1]!);
      await log.trim(old.applied);
      const fresh = new Replica({
        machine: new ListMachine(),
        log,
        clock: systemClock,
        random: systemRandom,
        logger: silentLogger,
        quorumGraceMs: 15_000,
        peers: async () => old.snapshot(),
      });
      await fresh.start();
      await old.execute('after the trim', { deadline });
      await until('the newest entry', () => fresh.view.values.at(-1) === 'after the trim');
      expect(fresh.view.values).toEqual(old.view.values);
      expect(fresh.hash).toBe(old.hash);
      await fresh.close();
      await old.close();
    });

    it('keeps its identity, and tells who asks for what it no longer holds', async () => {
      const log = await cluster.open(cluster.zones[0]!);
      const { logId } = await log.bounds(soon());
      let last = 0;
      for (let i = 0; i < 20; i++) last = await store(log, `to be trimmed ${i}`);
      await log.trim(last - 5);
      const trimmed = await log.bounds(soon());
      expect(trimmed.logId).toBe(logId);
      expect(trimmed.first).toBeLessThanOrEqual(last - 4);
      if (trimmed.first > 1) {
        await expect(log.subscribe(1, () => {}, soon())).rejects.toBeInstanceOf(Truncated);
      }
      await log.close();
    });
  });
}
