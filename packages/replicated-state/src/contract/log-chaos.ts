/**
 * Load on three replicas of one log while its leader is killed, frozen or cut off, and the verdict: was an acknowledged
 * command lost, doubled or reordered, did a strong read miss one, how long was the longest stall. Engine-neutral: the
 * cluster brings its own faults, and every fault its own healing step.
 */
import { silentLogger, sleep, systemClock, systemRandom } from '@stormglass/base';
import { until } from '@stormglass/testing';
import { LogUnavailable, type ReplicatedLog } from '../log.ts';
import { type LogTracing, Replica } from '../replica.ts';
import { ListMachine, type ListView } from './list-machine.ts';

export type Heal = () => Promise<void>;

/** A running log with one handle a zone, and the ways to break it. */
export interface LogCluster {
  readonly zones: readonly string[];
  /** Opens a zone's handle; the caller closes it. */
  open(zone: string): Promise<ReplicatedLog>;
  /** Breaks what leads the log at the moment (or the part of it that matters most), and says how to heal it. */
  readonly faults: Readonly<Record<string, () => Promise<Heal>>>;
  close(): Promise<void>;
}

export interface ChaosPlan {
  readonly fault: string;
  readonly rounds: number;
  /** Load before the fault, while it lasts, and after it healed, in ms. */
  readonly beforeMs: number;
  readonly faultMs: number;
  readonly afterMs: number;
  readonly writersPerZone: number;
  /** How long a request waits before it is told that the log is unavailable, in ms. */
  readonly deadlineMs: number;
  readonly quorumGraceMs: number;
}

export interface ChaosReport {
  readonly acknowledged: number;
  readonly failed: number;
  readonly reads: number;
  /** Longest time without any acknowledgement in each round, in ms. */
  readonly stallsMs: readonly number[];
  /** What went wrong; empty when nothing did. */
  readonly violations: readonly string[];
}

export type ListReplica = Replica<string, number, ListView>;

/** Opens a started replica of the list on a zone's handle. */
export async function openListReplica(
  cluster: LogCluster,
  zone: string,
  quorumGraceMs: number,
  tracing?: LogTracing,
): Promise<ListReplica> {
  const log = await cluster.open(zone);
  const replica = new Replica({
    machine: new ListMachine(),
    log,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    quorumGraceMs,
    tracing,
  });
  await replica.start();
  return replica;
}

/** Replicas to run plans on, one a zone. They are opened once, because each new one replays the whole log. */
export const openListReplicas = (cluster: LogCluster, quorumGraceMs: number): Promise<ListReplica[]> =>
  Promise.all(cluster.zones.map(zone => openListReplica(cluster, zone, quorumGraceMs)));

/** Runs the plan and judges the history. Cluster and replicas stay open. */
export const runLogChaos = (
  cluster: LogCluster,
  replicas: readonly ListReplica[],
  plan: ChaosPlan,
): Promise<ChaosReport> => new ChaosRun(cluster, plan, replicas).run();

/** Between two requests of one writer: enough load to hit every moment of a failover, little enough to share two cores. */
const THINK_MS = 8;

class ChaosRun {
  readonly #cluster: LogCluster;
  readonly #plan: ChaosPlan;
  readonly #replicas: readonly ListReplica[];
  readonly #acknowledged = new Map<string, number>();
  readonly #violations: string[] = [];
  readonly #stalls: number[] = [];
  #stopped = false;
  #failed = 0;
  #reads = 0;
  #longestGap = 0;
  #lastAck = 0;

  constructor(cluster: LogCluster, plan: ChaosPlan, replicas: readonly ListReplica[]) {
    this.#cluster = cluster;
    this.#plan = plan;
    this.#replicas = replicas;
  }

  async run(): Promise<ChaosReport> {
    const { rounds, beforeMs, faultMs, afterMs } = this.#plan;
    await Promise.all(this.#replicas.map(caughtUp));
    const load = this.#replicas.flatMap((_, zone) => [
      ...Array.from({ length: this.#plan.writersPerZone }, (_, w) => this.#write(zone, w)),
      this.#read(zone),
    ]);
    for (let round = 0; round < rounds; round++) {
      await sleep(systemClock, beforeMs);
      this.#longestGap = 0;
      this.#lastAck = performance.now();
      const heal = await this.#cluster.faults[this.#plan.fault]!();
      await sleep(systemClock, faultMs);
      await heal();
      await sleep(systemClock, afterMs);
      this.#stalls.push(Math.round(Math.max(this.#longestGap, performance.now() - this.#lastAck)));
    }
    this.#stopped = true;
    await Promise.all(load);
    await this.#judge();
    return {
      acknowledged: this.#acknowledged.size,
      failed: this.#failed,
      reads: this.#reads,
      stallsMs: this.#stalls,
      violations: this.#violations,
    };
  }

  async #write(zone: number, writer: number): Promise<void> {
    const replica = this.#replicas[zone]!;
    for (let n = 0; !this.#stopped; n++) {
      const value = `${this.#plan.fault}/${zone}/${writer}/${n}`;
      try {
        const place = await replica.execute(value, {
          id: value,
          deadline: systemClock.monotonic() + this.#plan.deadlineMs,
        });
        this.#acknowledged.set(value, place);
        const now = performance.now();
        this.#longestGap = Math.max(this.#longestGap, now - this.#lastAck);
        this.#lastAck = now;
      } catch (error) {
        this.#onFailure(error);
      }
      await sleep(systemClock, THINK_MS);
    }
  }

  /** A strong read must show everything acknowledged before it began, in whatever zone. */
  async #read(zone: number): Promise<void> {
    const replica = this.#replicas[zone]!;
    while (!this.#stopped) {
      let latest = -1;
      for (const place of this.#acknowledged.values()) latest = Math.max(latest, place);
      try {
        await replica.upToDate(systemClock.monotonic() + this.#plan.deadlineMs);
        this.#reads++;
        const seen = replica.view.values.length - 1;
        if (seen < latest)
          this.#violations.push(`stale strong read in zone ${zone}: ${seen} where ${latest} was acknowledged`);
      } catch (error) {
        this.#onFailure(error);
      }
      await sleep(systemClock, THINK_MS * 3);
    }
  }

  #onFailure(error: unknown): void {
    this.#failed++;
    if (!(error instanceof LogUnavailable)) this.#violations.push(`unexpected failure: ${String(error)}`);
  }

  async #judge(): Promise<void> {
    await Promise.all(this.#replicas.map(caughtUp));
    const [first, ...others] = this.#replicas.map(r => r.view.values);
    const shared = Math.min(...this.#replicas.map(r => r.view.values.length));
    for (const [i, values] of others.entries()) {
      const differs = values.slice(0, shared).findIndex((value, place) => value !== first![place]);
      if (differs !== -1) this.#violations.push(`zones 0 and ${i + 1} differ at ${differs}`);
    }
    const counts = new Map<string, number>();
    for (const value of first!) counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const [value, count] of counts) if (count > 1) this.#violations.push(`${value} was applied ${count} times`);
    for (const [value, place] of this.#acknowledged) {
      if (first![place] !== value) this.#violations.push(`acknowledged ${value} is not at ${place}`);
    }
  }
}

/** Waits, however long the log needs to heal, until a replica has applied everything acknowledged. */
export const caughtUp = (replica: ListReplica): Promise<true> =>
  until(
    'the log to heal',
    async () => {
      await replica.upToDate(systemClock.monotonic() + 10_000);
      return true as const;
    },
    60_000,
  );
