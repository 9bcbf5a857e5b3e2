/** The load generator's process: carries out one plan at a time and reports what it saw. */
import { ObjectConnection } from '../object-store/object-connection.ts';
import type { LoadResult } from '../region/load-plan.ts';
import { measuredLoad, momentOf, pause } from '../region/measured-load.ts';
import type { KeyValuePlan } from './key-value-plan.ts';
import { prepare } from './key-value-requests.ts';

process.on('message', plan => {
  void generate(plan as KeyValuePlan).then(result => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));

async function generate(plan: KeyValuePlan): Promise<LoadResult> {
  const { port, kind, perSecond } = plan;
  const requests = prepare(plan);
  const isFill = kind === 'fill';
  const over = Promise.withResolvers<void>();
  const due = perSecond === undefined ? undefined : new Schedule(perSecond);
  let sent = 0;
  let answered = 0;
  let latencies: number[] = [];
  let errors = 0;
  let firstError: string | undefined;
  const onAnswer = (since: number, problem: string | undefined) => {
    if (problem === undefined) latencies.push(performance.now() - since);
    else {
      errors++;
      firstError ??= problem;
    }
    if (isFill && ++answered >= requests.length) over.resolve();
  };
  const connections = Array.from({ length: plan.inFlight }, () => {
    let since: number | undefined;
    const next = () => {
      if (isFill && sent >= requests.length) return undefined;
      since = due?.take();
      return due !== undefined && since === undefined ? undefined : requests[sent++ % requests.length];
    };
    return new ObjectConnection({ port, next, onAnswer: (at, problem) => onAnswer(since ?? at, problem) });
  });
  const ticking = due && setInterval(() => wakeSome(connections, due), 1);
  if (!isFill) {
    await pause(plan.warmUpMs);
    latencies = [];
    errors = 0;
  }
  const from = momentOf(plan.pids);
  await Promise.race([...(isFill ? [] : [pause(plan.measureMs)]), over.promise]);
  const to = momentOf(plan.pids);
  const measured = latencies.slice();
  clearInterval(ticking);
  for (const connection of connections) connection.close();
  return measuredLoad(measured, from, to, { errors, firstError, ranOut: false });
}

function wakeSome(connections: readonly ObjectConnection[], due: Schedule): void {
  for (const connection of connections) {
    if (!due.isAny) return;
    connection.wake();
  }
}

/** When calls are to be sent. A call that is sent late counts from when it should have been. */
class Schedule {
  readonly #everyMs: number;
  #next = performance.now();

  constructor(perSecond: number) {
    this.#everyMs = 1000 / perSecond;
  }

  get isAny(): boolean {
    return this.#next <= performance.now();
  }

  /** The time of a call that is due. */
  take(): number | undefined {
    const at = this.#next;
    if (at > performance.now()) return undefined;
    this.#next += this.#everyMs;
    return at;
  }
}
