/** The load generator's process: carries out one plan at a time and reports what it saw. */

import { LoadConnection } from './load-connection.ts';
import type { LoadPlan, LoadResult } from './load-plan.ts';
import { measuredLoad, momentOf, pause } from './measured-load.ts';
import { requestBytes } from './request-bytes.ts';

process.on('message', plan => {
  void generate(plan as LoadPlan).then(result => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));

async function generate(plan: LoadPlan): Promise<LoadResult> {
  const ranOut = Promise.withResolvers<void>();
  const next = source(plan, ranOut.resolve);
  let latencies: number[] = [];
  let errors = 0;
  let firstError: string | undefined;
  const onAnswer = (sentAt: number, problem: string | undefined) => {
    if (problem === undefined) {
      latencies.push(performance.now() - sentAt);
      return;
    }
    errors++;
    firstError ??= problem;
  };
  const { port, marker } = plan;
  const connections = Array.from({ length: plan.inFlight }, () => new LoadConnection({ port, marker, next, onAnswer }));
  await pause(plan.warmUpMs);
  latencies = [];
  const from = momentOf(plan.pids);
  const inTime = await Promise.race([pause(plan.measureMs).then(() => true), ranOut.promise.then(() => false)]);
  const to = momentOf(plan.pids);
  const measured = latencies.slice();
  for (const connection of connections) connection.close();
  return measuredLoad(measured, from, to, { errors, firstError, ranOut: !inTime });
}

/** Signs everything there is to send, then hands it out. */
function source({ port, calls }: LoadPlan, onEmpty: () => void): () => Buffer | undefined {
  if (calls.kind === 'repeated') {
    const bytes = requestBytes(calls.signer, calls.parameters, port);
    return () => bytes;
  }
  const { signers, perSigner, prefix } = calls;
  const prepared = signers.flatMap((signer, account) =>
    Array.from({ length: perSigner }, (_, i) =>
      requestBytes(
        signer,
        { Action: 'CreateUser', Version: '2010-05-08', UserName: `${prefix}-${account}-${i}` },
        port,
      ),
    ),
  );
  let sent = 0;
  return () => {
    if (sent === prepared.length) onEmpty();
    return prepared[sent++];
  };
}
