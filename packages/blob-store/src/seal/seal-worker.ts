/** The worker thread: seals batches of many bodies, each in its order, where they lie, and opens what is read. */
import { parentPort, workerData } from 'node:worker_threads';
import { Frames } from '../stored/frame.ts';
import { BodySeal } from './body-seal.ts';
import type { FromSealWorker, OpenJob, ToSealWorker } from './seal-messages.ts';
import { slotBuffer } from './slots.ts';

const memory = workerData as SharedArrayBuffer;
const bodies = new Map<number, BodySeal>();

function sealed({ body, begin, job }: Extract<ToSealWorker, { kind: 'seal' }>): FromSealWorker {
  try {
    if (begin !== undefined) bodies.set(body, new BodySeal(begin));
    const seal = bodies.get(body);
    if (seal === undefined) return { kind: 'sealed', body, error: 'the body has failed before' };
    const digests = seal.seal(slotBuffer(memory, job.slot).subarray(0, job.storedBytes), job.isLast);
    if (job.isLast) bodies.delete(body);
    return { kind: 'sealed', body, digests };
  } catch (error) {
    bodies.delete(body);
    return { kind: 'sealed', body, error: error instanceof Error ? error.message : String(error) };
  }
}

function opened({ slot, storedBytes, id, dataKey, place }: OpenJob): ArrayBuffer[] | undefined {
  const batch = slotBuffer(memory, slot).subarray(0, storedBytes);
  try {
    return new Frames(id).openAll(batch, dataKey, place).map(transferable);
  } catch {
    return undefined;
  }
}

/** Blocks of some size have memory of their own; small ones share it with others. */
const transferable = (block: Buffer): ArrayBuffer =>
  (block.length === block.buffer.byteLength ? block.buffer : Uint8Array.from(block).buffer) as ArrayBuffer;

parentPort!.on('message', (message: ToSealWorker) => {
  const answer = (reply: FromSealWorker, transfer: ArrayBuffer[] = []) => parentPort!.postMessage(reply, transfer);
  if (message.kind === 'drop') bodies.delete(message.body);
  else if (message.kind === 'seal') answer(sealed(message));
  else {
    const plain = opened(message.job);
    answer({ kind: 'opened', number: message.number, plain }, plain);
  }
});
