/** What is remembered is bounded in time and in bytes, the same in every replica, and nothing is done twice for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pick, randomInt, seededRandom, silentLogger } from '@stormglass/base';
import { afterAll, describe, expect, it } from 'vitest';
import { type Applied, Applier } from './applier.ts';
import { encodeEnvelope, encodeRecord } from './envelope.ts';
import type { LogEntry } from './log.ts';
import { FORGOTTEN, REMEMBER_MS, RESULT_BYTES_MAX, RememberedCommands } from './remembered-commands.ts';
import { SqliteState } from './sqlite/sqlite-state.ts';
import type { StateMachine } from './state-machine.ts';

const folder = mkdtempSync(join(tmpdir(), 'remembered-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('remembered commands', () => {
  it('forget the oldest results beyond a number of bytes, and ids by time alone', () => {
    const remembered = new RememberedCommands<string>(100);
    for (let n = 1; n <= 4; n++) remembered.add(`c${n}`, n, n, 'x'.repeat(32));
    expect([1, 2, 3, 4].map(n => remembered.get(`c${n}`)?.result)).toEqual([
      ...[FORGOTTEN, FORGOTTEN],
      ...['x'.repeat(32), 'x'.repeat(32)],
    ]);
    expect(remembered.takeForgotten()).toEqual([
      { seq: 1, id: 'c1' },
      { seq: 2, id: 'c2' },
    ]);
    expect(remembered.takeForgotten()).toEqual([]);
    remembered.prune(3 + REMEMBER_MS);
    expect(remembered.snapshot().map(([id]) => id)).toEqual(['c3', 'c4']);
    // One that is too large by itself is forgotten at once, and leaves room again.
    remembered.add('c5', 5, 5, 'x'.repeat(200));
    expect(remembered.get('c5')?.result).toBe(FORGOTTEN);
    remembered.add('c6', 6, 6, 'small');
    expect(remembered.get('c6')?.result).toBe('small');
    expect(remembered.snapshot()).toEqual([
      ['c3', 3],
      ['c4', 4],
      ['c5', 5],
      ['c6', 6, 'small'],
    ]);
  });

  it('are the same however often they were read from a snapshot in between', () => {
    const random = seededRandom(5);
    const whole = new RememberedCommands<string>(2000);
    let reread = new RememberedCommands<string>(2000);
    for (let seq = 1, now = 0; seq <= 1000; seq++) {
      now += randomInt(random, 2000);
      for (const each of [whole, reread]) each.prune(now);
      const id = `c${randomInt(random, 300)}`;
      const result = 'x'.repeat(randomInt(random, pick(random, [10, 100, 1000])));
      expect(reread.get(id)?.result).toBe(whole.get(id)?.result);
      if (whole.get(id) === undefined) for (const each of [whole, reread]) each.add(id, seq, now, result);
      if (seq % 20 === 0) expect(reread.snapshot()).toEqual(whole.snapshot());
      if (random.next() > 0.1) continue;
      const copy = new RememberedCommands<string>(2000);
      for (const [id, at, ...rest] of reread.snapshot()) copy.add(id, 0, at, rest.length === 0 ? FORGOTTEN : rest[0]!);
      reread = copy;
    }
  });
});

/** Answers with as many characters as it is told to. */
class Echo implements StateMachine<number, string, undefined> {
  readonly name = 'echo';
  readonly format = 1;
  readonly view = undefined;
  readonly stored: SqliteState;
  applied = 0;

  constructor(path: string) {
    const tables = { schema: 'CREATE TABLE own (id INTEGER PRIMARY KEY)', names: ['own'] };
    this.stored = new SqliteState({ path, machine: this.name, format: 1, tables, logger: silentLogger });
  }

  apply(_context: unknown, length: number): string {
    this.applied++;
    return 'x'.repeat(length);
  }

  snapshot(): Iterable<unknown> {
    return this.stored.snapshot();
  }

  install(records: Iterable<unknown>): void {
    this.stored.install(records);
  }
}

const entry = (seq: number, id: string, command: number): LogEntry => ({
  ...{ seq, time: 1000 + seq },
  payload: encodeEnvelope({ origin: 'zone', batch: seq, expiresAt: 0 }, [encodeRecord({ id, command })]),
});

const MiB = 1024 * 1024;

it('a stored state forgets large results in its file as well, and applies no retry', async () => {
  const path = join(folder, 'state.db');
  const machine = new Echo(path);
  const applier = new Applier<number, string, undefined>(machine);
  const results: Applied<string>['results'][number][] = [];
  const apply = (to: typeof applier, ...entries: readonly LogEntry[]) =>
    to.applyAll(
      entries,
      applied => void results.push(...applied.results),
      (_entry, attempt) => attempt(),
    );
  const count = RESULT_BYTES_MAX / MiB + 3;
  for (let seq = 1; seq <= count; seq++) apply(applier, entry(seq, `c${seq}`, MiB - 8));
  const stored = () => [...machine.stored.remembered()].flatMap(({ commands }) => commands.map(({ length }) => length));
  expect(stored()).toEqual([1, 1, 1, ...Array.from({ length: count - 3 }, () => 2)]);
  await machine.stored.close();

  const again = new Echo(path);
  const reread = new Applier<number, string, undefined>(again);
  reread.load();
  results.length = 0;
  apply(reread, entry(count + 1, 'c3', 1), entry(count + 2, 'c4', 1), entry(count + 3, 'new', 2));
  expect(results).toEqual([FORGOTTEN, 'x'.repeat(MiB - 8), 'xx']);
  expect(again.applied).toBe(1);
  await again.stored.close();
});
