/** The load generator's process: carries out one plan at a time and reports what it saw. */
import type { LoadResult } from '../region/load-plan.ts';
import { measuredLoad, momentOf, pause } from '../region/measured-load.ts';
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
  const from = momentOf(plan.pids);
  await Promise.race([...(isFill ? [] : [pause(plan.measureMs)]), over.promise]);
  const to = momentOf(plan.pids);
  const measured = latencies.slice();
  for (const connection of connections) connection.close();
  return measuredLoad(measured, from, to, { errors, firstError, ranOut: false });
}
