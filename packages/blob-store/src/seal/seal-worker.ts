/** The worker thread: seals batches of many bodies, each in its order, where they lie. */
import { parentPort, workerData } from 'node:worker_threads';
import { BodySeal } from './body-seal.ts';
import type { FromSealWorker, ToSealWorker } from './seal-messages.ts';
import { slotBuffer } from './slots.ts';

const memory = workerData as SharedArrayBuffer;
const bodies = new Map<number, BodySeal>();

function sealed({ body, begin, job }: Extract<ToSealWorker, { kind: 'seal' }>): FromSealWorker {
  try {
    if (begin !== undefined) bodies.set(body, new BodySeal(begin));
    const seal = bodies.get(body);
    if (seal === undefined) return { body, error: 'the body has failed before' };
    const digests = seal.seal(slotBuffer(memory, job.slot).subarray(0, job.storedBytes), job.isLast);
    if (job.isLast) bodies.delete(body);
    return { body, digests };
  } catch (error) {
    bodies.delete(body);
    return { body, error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort!.on('message', (message: ToSealWorker) => {
  if (message.kind === 'drop') bodies.delete(message.body);
  else parentPort!.postMessage(sealed(message));
});
