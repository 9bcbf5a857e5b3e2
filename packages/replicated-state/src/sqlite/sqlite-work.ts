/**
 * Pieces of work on a file of SQLite beside the thread that serves. Copies and checks are rare and take as long as the file
 * is large: each has a thread of its own, that ends with it. Whoever removes or replaces the file waits for `idle` before, because a connection that is closed
 * last removes the write-ahead log by its name.
 */
import { Worker } from 'node:worker_threads';
import type { StoredPosition } from '../stored-state.ts';
import { checkpoint } from './sqlite-checkpoints.ts';

export type SqliteWork =
  | { readonly kind: 'copy'; readonly path: string; readonly to: string }
  | { readonly kind: 'check'; readonly path: string };

export interface WorkResults {
  copy: { readonly position: StoredPosition; readonly size: number };
  /** The first damage found. */
  check: string | undefined;
}

export class SqliteWorkers {
  readonly #running = new Set<Promise<unknown>>();

  /** @throws what SQLite throws there */
  run<Kind extends SqliteWork['kind']>(work: Extract<SqliteWork, { kind: Kind }>): Promise<WorkResults[Kind]> {
    return this.#noted(onOwnThread<Kind>(work));
  }

  /** Frames of the write-ahead log that are not in the file yet. @throws what SQLite throws there */
  checkpoint(path: string): Promise<number> {
    return this.#noted(checkpoint(path));
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  #noted<Result>(running: Promise<Result>): Promise<Result> {
    this.#running.add(running);
    const forget = () => void this.#running.delete(running);
    running.then(forget, forget);
    return running;
  }
}

function onOwnThread<Kind extends SqliteWork['kind']>(work: SqliteWork): Promise<WorkResults[Kind]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), { workerData: work, execArgv: [] });
    let result: { readonly value: WorkResults[Kind] } | undefined;
    let failure: unknown = new Error(`a thread that was to ${work.kind} ended early`);
    worker.once('message', value => {
      result = { value };
    });
    worker.once('error', error => {
      failure = error;
    });
    worker.once('exit', () => (result === undefined ? reject(failure) : resolve(result.value)));
  });
}
