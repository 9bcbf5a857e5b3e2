/** Work on a file of SQLite that would hold up the thread that serves: run by `sqlite-work.ts`, one piece a worker. */
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { SqliteWork, WorkResults } from './sqlite-work.ts';

function copy({ path, to }: { readonly path: string; readonly to: string }): WorkResults['copy'] {
  using database = new DatabaseSync(path, { readOnly: true });
  // A copy that a loss of power tears is dropped with all others when the state is opened again.
  database.exec('PRAGMA synchronous = OFF');
  database.prepare('VACUUM INTO ?').run(to);
  using made = new DatabaseSync(to, { readOnly: true });
  const header = made.prepare('SELECT log_id, seq, now, hash FROM stored_header').get();
  const position = {
    logId: String(header?.log_id),
    seq: Number(header?.seq),
    now: Number(header?.now),
    hash: Number(header?.hash),
  };
  return { position, size: statSync(to).size };
}

function check({ path }: { readonly path: string }): WorkResults['check'] {
  using database = new DatabaseSync(path, { readOnly: true });
  const found = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  return found === 'ok' ? undefined : String(found);
}

const work = workerData as SqliteWork;
const run = { copy, check }[work.kind] as (work: SqliteWork) => unknown;
parentPort?.postMessage(run(work));
