/** The worker thread: seals batches of many bodies, each in its order, and hands the buffers back. */
import { parentPort } from 'node:worker_threads';
import { errorStory } from '@stormglass/base';
import { BodySeal } from './body-seal.ts';
import type { FromSealWorker, ToSealWorker } from './seal-messages.ts';

const bodies = new Map<number, BodySeal>();

/** `Error.message` of what goes wrong is all that crosses. */
function answer(message: ToSealWorker): { readonly reply: FromSealWorker; readonly transfer: ArrayBuffer[] } {
  const { body } = message;
  try {
    const seal = bodies.get(body) ?? new BodySeal(message.begin!);
    bodies.set(body, seal);
    const { batch, isLast } = message.job!;
    seal.seal(Buffer.from(batch), isLast);
    const digests = isLast ? seal.finish() : undefined;
    if (isLast) bodies.delete(body);
    return { reply: { body, batch, digests }, transfer: [batch] };
  } catch (error) {
    bodies.delete(body);
    return { reply: { body, error: errorStory(error) }, transfer: [] };
  }
}

parentPort!.on('message', (message: ToSealWorker) => {
  if (message.job === undefined) {
    bodies.delete(message.body);
    return;
  }
  const { reply, transfer } = answer(message);
  parentPort!.postMessage(reply, transfer);
});
