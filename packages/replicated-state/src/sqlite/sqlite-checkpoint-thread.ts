/** The thread of `sqlite-checkpoints.ts`. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort } from 'node:worker_threads';
import type { CheckpointAsked, CheckpointDone } from './sqlite-checkpoints.ts';

const answer = (done: CheckpointDone) => parentPort?.postMessage(done);

function checkpoint(path: string): number {
  using database = new DatabaseSync(path);
  const row = database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get();
  return Number(row?.log) - Number(row?.checkpointed);
}

parentPort?.on('message', ({ id, path }: CheckpointAsked) => {
  try {
    answer({ id, left: checkpoint(path) });
  } catch (error) {
    answer({ id, error });
  }
});
