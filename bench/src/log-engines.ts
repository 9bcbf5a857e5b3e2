/**
 * Measures the log engines over three real servers each, with one handle a zone:
 *
 *     node bench/src/log-engines.ts [engine ...] [--rounds n] [--seconds n] [--no-faults]
 *
 * Throughput and latency of proposals at 64 in flight per zone and one at a time; CPU time and memory of the servers; then,
 * for each kind of fault on the leader, the time until a proposal is acknowledged again, over several rounds. Every
 * acknowledged proposal must be in the log at the position named, in every zone: anything else is printed and fails.
 *
 * Numbers of one machine on one day: compare columns of the same run, nothing else.
 */
import { parseArgs } from 'node:util';
import { silentLogger, sleep, systemClock } from '@stormglass/base';
import { type EngineCluster, startEtcdCluster, startNatsCluster, until } from '@stormglass/engines';
import type { LogEntry, ReplicatedLog } from '@stormglass/replicated-state';
import { openEtcdLog } from '@stormglass/replicated-state/etcd';
import { openJetStreamLog } from '@stormglass/replicated-state/jetstream';

interface Engine {
  readonly start: (cuttable: boolean) => Promise<EngineCluster>;
  readonly open: typeof openEtcdLog;
}

const ENGINES: Readonly<Record<string, Engine>> = {
  jetstream: { start: cuttable => startNatsCluster({ cuttable }), open: openJetStreamLog },
  'jetstream-sid': {
    start: cuttable => startNatsCluster({ cuttable, binary: 'nats-server-sid' }),
    open: openJetStreamLog,
  },
  etcd: { start: cuttable => startEtcdCluster({ cuttable }), open: openEtcdLog },
  'etcd-fast': {
    start: cuttable => startEtcdCluster({ cuttable, heartbeatMs: 50, electionMs: 500 }),
    open: openEtcdLog,
  },
  'etcd-3.4': { start: cuttable => startEtcdCluster({ cuttable, binary: 'etcd-3.4' }), open: openEtcdLog },
};

const NAME = 'bench';
const ATTEMPT_MS = 1_000;
const LOAD_DURING_FAULTS = 2;
/** How long a fault lasts at least, and how long the cluster rests after it, in ms. */
const FAULT_MS = 4_000;
const REST_MS = 3_000;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    'no-faults': { type: 'boolean', default: false },
  },
});

type Case = (cluster: EngineCluster, logs: readonly ReplicatedLog[], history: History) => Promise<void>;

async function measure(name: string): Promise<void> {
  const engine = ENGINES[name];
  if (!engine) throw new Error(`unknown engine ${name}; there are ${Object.keys(ENGINES).join(', ')}`);
  // Links run in this process and cost as much as a fast log does, so speed is measured without them.
  await onFreshCluster(name, engine, false, (...parts) => speeds(name, ...parts));
  if (!flags['no-faults']) await onFreshCluster(name, engine, true, (...parts) => recoveries(name, ...parts));
}

async function onFreshCluster(name: string, engine: Engine, cuttable: boolean, run: Case): Promise<void> {
  await using cluster = await engine.start(cuttable);
  const logs = await Promise.all(
    Array.from({ length: cluster.size }, (_, zone) =>
      engine.open({ servers: cluster.endpoints(zone), name: NAME, clock: systemClock, logger: silentLogger }),
    ),
  );
  const history = new History(logs);
  try {
    await run(cluster, logs, history);
    console.log(`${name}: ${await history.verdict()}`);
  } finally {
    history.stop();
    await Promise.all(logs.map(log => log.close()));
  }
}

async function speeds(
  name: string,
  cluster: EngineCluster,
  logs: readonly ReplicatedLog[],
  history: History,
): Promise<void> {
  const ms = Number(flags.seconds) * 1000;
  const cases = [
    [200, 1],
    [200, 64],
    [12_800, 1],
    [12_800, 8],
  ] as const;
  for (const [sizeBytes, inFlight] of cases) {
    const row = await throughput(cluster, logs, history, sizeBytes, inFlight, ms);
    console.log(`${name}: ${sizeBytes} B, ${inFlight} in flight in one zone: ${row}`);
  }
  const everywhere = await throughput(cluster, logs, history, 200, 21, ms, true);
  console.log(`${name}: 200 B, 21 in flight in each of three zones: ${everywhere}`);
  console.log(`${name}: replay of ${history.last} entries: ${await replay(logs[1]!, history.last)}`);
}

/** What was acknowledged, and what every zone saw. */
class History {
  readonly #acknowledged = new Map<number, number>();
  readonly #seen: number[][];
  readonly #times: number[][];
  readonly #stop = new AbortController();
  #nextId = 1;
  last = 0;

  constructor(logs: readonly ReplicatedLog[]) {
    this.#seen = logs.map(() => []);
    this.#times = logs.map(() => []);
    for (const [zone, log] of logs.entries()) {
      void log.subscribe(1, batch => this.#onEntries(zone, batch), this.#stop.signal);
    }
  }

  /** One attempt with a payload of its own; true when it was acknowledged. */
  async propose(log: ReplicatedLog, sizeBytes: number): Promise<boolean> {
    const id = this.#nextId++;
    const payload = Buffer.alloc(sizeBytes);
    payload.writeUInt32BE(id);
    try {
      const seq = await log.propose(payload, AbortSignal.timeout(ATTEMPT_MS));
      this.#acknowledged.set(id, seq);
      this.last = Math.max(this.last, seq);
      return true;
    } catch {
      return false;
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  async verdict(): Promise<string> {
    await until('all zones to see the last entry', 60_000, () => this.#seen.every(seen => seen.length >= this.last));
    const [first, ...others] = this.#seen;
    const shared = Math.min(...this.#seen.map(seen => seen.length));
    let lost = 0;
    for (const [id, seq] of this.#acknowledged) if (first![seq - 1] !== id) lost++;
    const differing = others.filter(seen => seen.slice(0, shared).some((id, i) => id !== first![i])).length;
    const differingTimes = this.#times.filter(times => times.slice(0, shared).some((t, i) => t !== this.#times[0]![i]));
    const doubled = shared - new Set(first!.slice(0, shared)).size;
    if (lost > 0 || differing > 0 || differingTimes.length > 0) process.exitCode = 1;
    return (
      `${this.#acknowledged.size} acknowledged, ${lost} of them lost or moved, ${doubled} entries stored twice, ` +
      `${differing} zones with another order, ${differingTimes.length} with other times`
    );
  }

  #onEntries(zone: number, batch: readonly LogEntry[]): void {
    for (const { seq, time, payload } of batch) {
      if (seq !== this.#seen[zone]!.length + 1) throw new Error(`zone ${zone}: ${seq} is out of order`);
      this.#seen[zone]!.push(Buffer.from(payload.buffer, payload.byteOffset, payload.length).readUInt32BE());
      this.#times[zone]!.push(time);
    }
  }
}

/** Keeps `inFlight` proposals under way, in the first zone or in all, and describes what came of it. */
async function throughput(
  cluster: EngineCluster,
  logs: readonly ReplicatedLog[],
  history: History,
  sizeBytes: number,
  inFlight: number,
  ms: number,
  everywhere = false,
): Promise<string> {
  const latencies: number[] = [];
  const cpuBefore = serverCpu(cluster);
  const begin = performance.now();
  const writer = async (log: ReplicatedLog) => {
    while (performance.now() - begin < ms) {
      const sent = performance.now();
      if (await history.propose(log, sizeBytes)) latencies.push(performance.now() - sent);
      else await sleep(systemClock, 5);
    }
  };
  const writers = (everywhere ? logs : logs.slice(0, 1)).flatMap(log => Array.from({ length: inFlight }, () => log));
  await Promise.all(writers.map(writer));
  const seconds = (performance.now() - begin) / 1000;
  const cpu = serverCpu(cluster) - cpuBefore;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => (latencies[Math.floor(latencies.length * share)] ?? Number.NaN).toFixed(2);
  const rss = Array.from({ length: cluster.size }, (_, zone) => Math.round(cluster.usage(zone).rssBytes / 2 ** 20));
  return (
    `${Math.round(latencies.length / seconds)}/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ` +
    `servers ${Math.round((cpu / latencies.length) * 1e6)} CPU µs each, RSS ${rss.join('+')} MiB`
  );
}

const serverCpu = (cluster: EngineCluster): number =>
  Array.from({ length: cluster.size }, (_, zone) => cluster.usage(zone).cpuSeconds).reduce((sum, each) => sum + each);

async function replay(log: ReplicatedLog, last: number): Promise<string> {
  const stop = new AbortController();
  const begin = performance.now();
  let count = 0;
  await log.subscribe(
    1,
    batch => {
      count += batch.length;
      if (batch.at(-1)!.seq >= last) stop.abort();
    },
    stop.signal,
  );
  return `${Math.round((count / (performance.now() - begin)) * 1000)}/s`;
}

/** For each fault: breaks the leader under light load and measures until the next acknowledgement in a healthy zone. */
async function recoveries(
  name: string,
  cluster: EngineCluster,
  logs: readonly ReplicatedLog[],
  history: History,
): Promise<void> {
  const faults: Readonly<Record<string, (zone: number) => Promise<() => void>>> = {
    SIGKILL: async zone => {
      await cluster.kill(zone);
      return () => cluster.restart(zone);
    },
    SIGSTOP: async zone => {
      cluster.pause(zone);
      return () => cluster.resume(zone);
    },
    'cut-off': async zone => {
      cluster.isolate(zone);
      return () => cluster.heal();
    },
  };
  const lastAck = logs.map(() => performance.now());
  let loading = true;
  const load = logs.flatMap((log, zone) =>
    Array.from({ length: LOAD_DURING_FAULTS }, async () => {
      while (loading) {
        const sent = performance.now();
        if (await history.propose(log, 200)) lastAck[zone] = sent;
        await sleep(systemClock, 5);
      }
    }),
  );
  for (const [fault, breakZone] of Object.entries(faults)) {
    const stalls: number[] = [];
    for (let round = 0; round < Number(flags.rounds); round++) {
      const { zone } = await until('a leader', 60_000, async () => {
        const leader = await cluster.leader(NAME);
        return leader === undefined ? undefined : { zone: leader };
      });
      const broken = performance.now();
      const heal = await breakZone(zone);
      const healthy = logs.flatMap((_, each) => (each === zone ? [] : [each]));
      // Counted are proposals sent after the fault: one that was under way may be answered a moment later.
      await until('writes in both healthy zones', 60_000, () => healthy.every(each => lastAck[each]! > broken));
      stalls.push(Math.round(performance.now() - broken));
      await sleep(systemClock, FAULT_MS);
      heal();
      await cluster.ready(90_000);
      await sleep(systemClock, REST_MS);
    }
    console.log(`${name}: leader ${fault}: both healthy zones write again after ${stalls.join(', ')} ms`);
  }
  loading = false;
  await Promise.all(load);
}

for (const name of positionals.length > 0 ? positionals : ['jetstream', 'etcd']) await measure(name);
