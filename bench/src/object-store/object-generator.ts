/** The load generator's process: carries out one plan at a time and reports what it saw. */
import type { LoadResult } from '../region/load-plan.ts';
import { cpuSeconds } from '../region/process-usage.ts';
import { ObjectConnection } from './object-connection.ts';
import type { ObjectPlan } from './object-plan.ts';
import { prepare } from './object-requests.ts';

process.on('message', plan => {
  void generate(plan as ObjectPlan).then(result => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));

async function generate(plan: ObjectPlan): Promise<LoadResult> {
  const requests = prepare(plan);
  const isFill = plan.kind === 'fill';
  const over = Promise.withResolvers<void>();
  let sent = 0;
  let answered = 0;
  let latencies: number[] = [];
  let errors = 0;
  let firstError: string | undefined;
  const next = () => (isFill && sent >= requests.length ? undefined : requests[sent++ % requests.length]);
  const onAnswer = (sentAt: number, problem: string | undefined) => {
    if (problem === undefined) latencies.push(performance.now() - sentAt);
    else {
      errors++;
      firstError ??= problem;
    }
    if (isFill && ++answered >= requests.length) over.resolve();
  };
  const connections = Array.from(
    { length: plan.inFlight },
    () => new ObjectConnection({ port: plan.port, next, onAnswer }),
  );
  if (!isFill) {
    await pause(plan.warmUpMs);
    latencies = [];
  }
  const from = moment(plan);
  await Promise.race([...(isFill ? [] : [pause(plan.measureMs)]), over.promise]);
  const to = moment(plan);
  const measured = latencies.toSorted((a, b) => a - b);
  for (const connection of connections) connection.close();
  const calls = measured.length;
  const at = (share: number) => measured[Math.min(calls - 1, Math.floor(calls * share))] ?? Number.NaN;
  const seconds = (to.micros - from.micros) / 1e6;
  return {
    ...{ calls, errors, firstError, seconds },
    callsPerSecond: calls / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    cpuMicrosPerCall: ((to.servers - from.servers) * 1e6) / calls,
    generatorMicrosPerCall: (to.own - from.own) / calls,
    fromMicros: from.micros,
    toMicros: to.micros,
    ranOut: false,
  };
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

function moment({ pids }: ObjectPlan): { micros: number; servers: number; own: number } {
  const { user, system } = process.cpuUsage();
  return { micros: Number(process.hrtime.bigint() / 1000n), servers: cpuSeconds(pids), own: user + system };
}
