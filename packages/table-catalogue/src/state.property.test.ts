/** Random commands against the catalogue: its invariants hold, refusals change nothing, and snapshots go on as the state does. */
import { pick, type Random, randomInt, seededRandom } from '@stormglass/base';
import { describe, expect, it } from 'vitest';
import type { IndexInput, TableCommand } from './commands.ts';
import { partitionOf } from './partitions.ts';
import { HASHES } from './quotas.ts';
import type { BackupRecord, TableRecord } from './records.ts';
import { TableCatalogue } from './state.ts';

const SEEDS = [1, 2, 3, 4, 5, 6];
const COMMANDS = 300;
const ACCOUNTS = ['111111111111', '222222222222'];
const NAMES = ['one', 'two', 'three', 'four'];
const MINUTE_MS = 60_000;

const attribute = (name: string) => ({ name, type: name === 'n' ? 'N' : 'S' }) as const;

function randomIndex(random: Random, name: string, isPaid: boolean): IndexInput {
  const keys = [{ name: pick(random, ['a', 'b']), role: 'HASH' }];
  if (random.next() < 0.5) keys.push({ name: 'n', role: random.next() < 0.9 ? 'RANGE' : 'HASH' });
  const projection = pick(random, [{ type: 'ALL' }, { type: 'INCLUDE', attributes: ['x'] }, { type: 'KEYS_ONLY' }]);
  return { name, keys, projection, ...(isPaid && { throughput: { read: 1, write: 1 } }) };
}

function randomCommand(random: Random, step: number, state: TableCatalogue, now: number): TableCommand {
  const about = { accountId: pick(random, ACCOUNTS), name: pick(random, NAMES) };
  const table = state.view.table(about.accountId, about.name);
  const isPaid = random.next() < 0.5;
  const throughput = { read: randomInt(random, 5) + 1, write: randomInt(random, 5) + 1 };
  const advance = {
    ...about,
    type: 'Advance',
    tableId: table?.id ?? '',
    generation: table?.generation ?? 0,
    filled: random.next() < 0.5 ? Array.from({ length: table?.lastIndexId ?? 0 }, (_, i) => i + 1) : [],
  } as const;
  const partition = table === undefined ? undefined : pick(random, table.partitions);
  const policy = { ...about, ...(random.next() < 0.3 && { expected: `r${randomInt(random, step + 1)}` }) };
  switch (randomInt(random, 17)) {
    case 0:
    case 1: {
      const globals = random.next() < 0.5 ? [randomIndex(random, 'gsi1', isPaid)] : undefined;
      const used = new Set(['h', ...(globals?.[0]?.keys.map(({ name }) => name) ?? [])]);
      return {
        ...{ ...about, type: 'CreateTable', tableId: `t${step}`, tableClass: 'STANDARD', policyRevision: 'r' },
        ...{ attributes: [...used].map(attribute), keys: [{ name: 'h', role: 'HASH' }], tags: [], cells: [1, 2, 3] },
        ...{ billing: isPaid ? 'PROVISIONED' : 'PAY_PER_REQUEST', deletionProtection: random.next() < 0.1 },
        ...(isPaid && { throughput }),
        ...(globals && { globals }),
        ...(random.next() < 0.3 && { stream: 'NEW_IMAGE' }),
      };
    }
    case 2:
      return { ...about, type: 'UpdateTable', throughput };
    case 3:
      return { ...about, type: 'UpdateTable', stream: random.next() < 0.5 ? 'KEYS_ONLY' : null };
    case 4: {
      const index = randomIndex(random, pick(random, ['gsi1', 'gsi2']), table?.billing === 'PROVISIONED');
      const indexes = [{ action: 'create', index } as const];
      return { ...about, type: 'UpdateTable', attributes: ['a', 'b', 'n'].map(attribute), indexes };
    }
    case 5:
      return { ...about, type: 'UpdateTable', indexes: [{ action: 'delete', name: pick(random, ['gsi1', 'gsi2']) }] };
    case 6: {
      if (random.next() < 0.5) return { ...about, type: 'UpdateTable', deletionProtection: false };
      const billing = isPaid ? 'PROVISIONED' : 'PAY_PER_REQUEST';
      return { ...about, type: 'UpdateTable', billing, ...(isPaid && { throughput }) };
    }
    case 7:
      return random.next() < 0.5
        ? { ...about, type: 'DeleteTable' }
        : { ...about, type: 'ChangeTags', add: [{ key: `k${step}`, value: '' }], remove: [] };
    case 8:
      return { ...about, type: 'UpdateTimeToLive', isEnabled: isPaid, attribute: 'ttl' };
    case 9: {
      const at = randomInt(random, HASHES);
      const which = { ...about, tableId: table?.id ?? '', partition: partition?.id ?? 0 };
      return isPaid ? { ...which, type: 'SplitPartition', at, cell: 2 } : { ...which, type: 'FinishSplit' };
    }
    case 10:
      return isPaid
        ? { ...policy, type: 'PutPolicy', text: `${randomInt(random, 2)}`, revision: `r${step}` }
        : { ...policy, type: 'DeletePolicy' };
    case 11:
      return random.next() < 0.5
        ? { ...about, type: 'CreateBackup', backupName: 'backup', suffix: `${step}` }
        : { ...about, type: 'DeleteBackup', backup: anyBackup(random, state)?.id ?? 0 };
    case 12:
      return random.next() < 0.8
        ? {
            type: 'FinishBackup',
            accountId: about.accountId,
            backup: anyBackup(random, state)?.id ?? 0,
            items: 1,
            bytes: 1,
          }
        : { type: 'ExpireBackups' };
    case 13:
      return {
        ...about,
        type: 'UpdateRecovery',
        isEnabled: random.next() < 0.8,
        ...(isPaid && { days: 1 + (step % 35) }),
      };
    case 14: {
      const source =
        random.next() < 0.6
          ? { backup: anyBackup(random, state)?.id ?? 0 }
          : { tableName: pick(random, NAMES), ...(isPaid && { at: now - randomInt(random, 60) * MINUTE_MS }) };
      const restored = {
        ...about,
        name: pick(random, ['five', 'six', ...NAMES]),
        tableId: `t${step}`,
        policyRevision: 'r',
      };
      return { ...restored, type: 'RestoreTable', source, ...(random.next() < 0.3 && { globals: [] }) };
    }
    default:
      return advance;
  }
}

const anyBackup = (random: Random, state: TableCatalogue): BackupRecord | undefined => {
  const backups = [...state.view.backups()];
  return backups.length === 0 ? undefined : pick(random, backups);
};

/** What is being copied, or what others are being made of, is there. */
function checkSources(state: TableCatalogue): void {
  const tables = [...state.view.tables()];
  const isThere = (id: string) => tables.some(table => table.id === id);
  for (const { status, table, partitions } of state.view.backups()) {
    if (status === 'CREATING') expect(isThere(table.id)).toBe(true);
    else expect(partitions?.every(({ split }) => split === undefined)).toBe(true);
  }
  for (const { restore, partitions, accountId } of tables) {
    if (restore?.sources === undefined) continue;
    expect(restore.sources).toHaveLength(partitions.length);
    const { backup, tableName, tableId } = restore;
    const source = backup === undefined ? isThere(tableId) : state.view.backup(accountId, tableName, backup);
    expect(source).toBeTruthy();
  }
}

function check(state: TableCatalogue, seen: Map<number, string>): void {
  const ids = new Set<string>();
  for (const table of state.view.tables()) {
    expect(ids.has(table.id)).toBe(false);
    ids.add(table.id);
    checkPartitions(table, seen);
    expect(table.settled).toBeLessThanOrEqual(table.generation);
    const numbers = [...table.locals, ...table.globals, ...(table.timeToLive ? [table.timeToLive] : [])];
    expect(new Set(numbers.map(({ id }) => id)).size).toBe(numbers.length);
    for (const { id } of numbers) expect(id).toBeLessThanOrEqual(table.lastIndexId);
    const unknown = table.globals.filter(({ status, isBackfilling }) => status !== 'ACTIVE' && !isBackfilling);
    if (table.status === 'ACTIVE') expect(unknown).toEqual([]);
    const keys = [table, ...table.locals, ...table.globals].flatMap(({ schema: { hash, range } }) => [hash, range]);
    const used = new Set(keys.flatMap(key => key?.name ?? []));
    expect(new Set(table.attributes.map(({ name }) => name))).toEqual(used);
    const stream = table.stream && state.view.stream(table.accountId, table.name, table.streamLabel!);
    expect(stream?.id).toBe(table.stream?.id);
    expect(stream?.endedAt).toBeUndefined();
  }
}

function checkPartitions({ id, partitions }: TableRecord, seen: Map<number, string>): void {
  let from = 0;
  for (const place of partitions) {
    expect(place.from).toBe(from);
    expect(partitionOf({ partitions }, place.from)).toBe(place);
    expect(partitionOf({ partitions }, place.to - 1)).toBe(place);
    for (const number of [place.id, ...(place.split ? [place.split.id] : [])]) {
      expect(seen.get(number) ?? id).toBe(id);
      seen.set(number, id);
    }
    from = place.to;
  }
  expect(from).toBe(HASHES);
}

const textOf = (state: TableCatalogue): string => JSON.stringify([...state.snapshot()]);

describe('the catalogue', () => {
  /** Over all seeds. */
  const outcomes = new Map<string, number>();

  it.each(SEEDS)('keeps its invariants (seed %i)', seed => {
    const random = seededRandom(seed);
    const state = new TableCatalogue();
    let other = new TableCatalogue();
    const seen = new Map<number, string>();
    let now = Date.UTC(2026, 0, 1);
    for (let step = 0; step < COMMANDS; step++) {
      now += randomInt(random, 20) * MINUTE_MS;
      const command = randomCommand(random, step, state, now);
      const before = textOf(state);
      const context = { seq: step + 1, now } as Parameters<TableCatalogue['apply']>[0];
      const result = state.apply(context, command);
      expect(other.apply(context, command)).toEqual(result);
      const outcome = `${command.type} ${result.ok}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (!result.ok) expect(textOf(state)).toBe(before);
      check(state, seen);
      checkSources(state);
      if (step % 50 === 0) {
        const copy = new TableCatalogue();
        copy.install(JSON.parse(textOf(state)));
        expect(textOf(copy)).toBe(textOf(state));
        other = copy;
      }
    }
  });

  it('was given commands of all kinds, to accept and to refuse', () => {
    expect([...outcomes.keys()]).toEqual(
      expect.arrayContaining([
        ...['CreateTable true', 'UpdateTable true', 'Advance true', 'CreateBackup true', 'DeleteBackup true'],
        ...['UpdateRecovery true', 'RestoreTable true', 'RestoreTable false', 'DeleteBackup false'],
      ]),
    );
  });
});
