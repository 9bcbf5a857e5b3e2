/**
 * Brings write-ahead logs into their files on one thread of the process, which begins with the first of them and stays: a
 * state that is written much needs it every few seconds, and a thread costs more to begin than most checkpoints.
 */
import { Worker } from 'node:worker_threads';

export interface CheckpointAsked {
  readonly id: number;
  readonly path: string;
}

/** `left`: frames of the write-ahead log that are not in the file yet. */
export type CheckpointDone = { readonly id: number } & ({ readonly left: number } | { readonly error: unknown });

type Waiting = PromiseWithResolvers<number>;

const waiting = new Map<number, Waiting>();
let thread: Worker | undefined;
let lastId = 0;

/** Resolves with how many frames are left. @throws what SQLite throws there */
export function checkpoint(path: string): Promise<number> {
  thread ??= begin();
  const id = ++lastId;
  const asked = Promise.withResolvers<number>();
  waiting.set(id, asked);
  thread.ref();
  thread.postMessage({ id, path } satisfies CheckpointAsked);
  return asked.promise;
}

function begin(): Worker {
  const worker = new Worker(new URL('./sqlite-checkpoint-thread.ts', import.meta.url), { execArgv: [] });
  let failure: unknown = new Error('the thread of checkpoints ended');
  worker.on('message', (done: CheckpointDone) => {
    const asked = waiting.get(done.id);
    waiting.delete(done.id);
    // It keeps no process alive that has nothing else to do.
    if (waiting.size === 0) worker.unref();
    if ('left' in done) asked?.resolve(done.left);
    else asked?.reject(done.error);
  });
  worker.once('error', error => {
    failure = error;
  });
  worker.once('exit', () => {
    thread = undefined;
    for (const asked of waiting.values()) asked.reject(failure);
    waiting.clear();
  });
  return worker;
}
