/** Spools that processes leave behind, disks that fill, and deliveries that fail. */
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@stormglass/base';
import { type AuditEvent, writeAuditLine } from '@stormglass/service-kit';
import { until } from '@stormglass/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditSpool, type AuditSpoolOptions } from './audit-spool.ts';
import { spoolFiles } from './spool-store.ts';

const anEvent = (id: string, readOnly = false): AuditEvent => ({
  ...{ id, time: 1 },
  index: {
    ...{ region: 'us-east-1', account: '1', name: 'N', source: 's', user: 'u', accessKeyId: 'a' },
    ...{ readOnly, resources: [] },
  },
  record: JSON.stringify({ eventID: id, text: 'one\nline\tonly' }),
});

let folder: string;
let spools: AuditSpool[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-spool-'));
  spools = [];
});
afterEach(async () => {
  await Promise.all(spools.map(spool => spool.close()));
  rmSync(folder, { recursive: true, force: true });
});

const NOBODY = () => Promise.reject(new Error('nobody takes them'));
function open(deliver: AuditSpoolOptions['deliver'], more: Partial<AuditSpoolOptions> = {}): AuditSpool {
  const limits = { gatherMs: 1, retryMs: 5, ...more.limits };
  const sources = { clock: systemClock, logger: silentLogger };
  const spool = new AuditSpool({ store: spoolFiles(folder), deliver, ...sources, ...more, limits });
  spools.push(spool);
  return spool;
}

/** A spool that delivers, and what it has delivered. */
function delivering(more: Partial<AuditSpoolOptions> = {}) {
  const delivered: AuditEvent[] = [];
  const spool = open(async events => void delivered.push(...events), more);
  const ids = () => delivered.map(({ id }) => id);
  return { spool, delivered, ids };
}

describe('an event', () => {
  it('is on the disk when it is acknowledged, and leaves it when it is delivered', async () => {
    const gate = Promise.withResolvers<void>();
    const delivered: AuditEvent[] = [];
    const spool = open(async events => {
      await gate.promise;
      delivered.push(...events);
    });
    await Promise.all([spool.record(anEvent('a')), spool.record(anEvent('b'))]);
    expect(readdirSync(folder)).toHaveLength(1);
    gate.resolve();
    await until('an empty disk', () => readdirSync(folder).length === 0);
    expect(delivered).toEqual([anEvent('a'), anEvent('b')]);
    expect(spool.waiting).toBe(0);
  });

  it('survives the process, whatever it was about to do', async () => {
    const first = open(NOBODY);
    await first.record(anEvent('a'));
    await first.record(anEvent('b'));
    // Killed: nothing of it runs any more, and the next process finds what is on the disk.
    const { ids } = delivering();
    await until('both', () => ids().length === 2);
    expect(ids()).toEqual(['a', 'b']);
  });

  it('is delivered again until somebody takes it', async () => {
    let failures = 0;
    const delivered: string[] = [];
    const spool = open(async events => {
      if (failures++ < 3) throw new Error('no quorum');
      delivered.push(...events.map(({ id }) => id));
    });
    await spool.record(anEvent('a'));
    await until('delivery', () => delivered.length > 0);
    expect([failures, delivered]).toEqual([4, ['a']]);
  });

  it('comes in bounded batches', async () => {
    const sizes: number[] = [];
    const spool = open(async events => void sizes.push(events.length), {
      limits: { batchEvents: 10, batchBytes: 1e6, bytesMax: 1e6, gatherMs: 1, retryMs: 5 },
    });
    await Promise.all(Array.from({ length: 25 }, (_, n) => spool.record(anEvent(`e${n}`))));
    await until('all of them', () => sizes.reduce((a, b) => a + b, 0) === 25);
    expect(Math.max(...sizes)).toBe(10);
  });
});

describe('a torn line', () => {
  it.each([1, 10, 60])('does no harm: %i characters of it', async length => {
    const first = open(NOBODY);
    await first.record(anEvent('a'));
    await first.close();
    const [file] = readdirSync(folder);
    const line = writeAuditLine(anEvent('b')).trimEnd();
    appendFileSync(join(folder, file!), line.slice(0, length));
    const { ids, spool } = delivering();
    await until('what was whole', () => ids().length > 0);
    await spool.record(anEvent('c'));
    await until('what came later', () => ids().length > 1);
    expect(ids()).toEqual(['a', 'c']);
  });

  it('in the middle costs that line', async () => {
    const first = open(NOBODY);
    await first.record(anEvent('a'));
    await first.close();
    const [file] = readdirSync(folder);
    appendFileSync(join(folder, file!), `rot\n${writeAuditLine(anEvent('b'))}`);
    const { ids } = delivering();
    await until('the others', () => ids().length === 2);
    expect(ids()).toEqual(['a', 'b']);
  });
});

describe('trouble', () => {
  it('with the disk does not stop events that the log takes', async () => {
    let isFull = true;
    const beforeWrite = () => {
      if (isFull) throw new Error('ENOSPC');
    };
    const { spool, ids } = delivering({ store: spoolFiles(folder, beforeWrite) });
    await spool.record(anEvent('a'));
    isFull = false;
    await spool.record(anEvent('b'));
    await until('both', () => ids().length === 2);
    expect(ids()).toEqual(['a', 'b']);
  });

  it('with the disk makes a change wait for the log, and no question', async () => {
    const beforeWrite = () => {
      throw new Error('ENOSPC');
    };
    const gate = Promise.withResolvers<void>();
    const spool = open(() => gate.promise, { store: spoolFiles(folder, beforeWrite) });
    await spool.record(anEvent('read', true));
    let isAnswered = false;
    const answered = spool.record(anEvent('write')).then(() => {
      isAnswered = true;
    });
    await spool.record(anEvent('another', true));
    expect(isAnswered).toBe(false);
    gate.resolve();
    await answered;
    expect(spool.waiting).toBeLessThan(2);
  });

  it('without end loses calls that only read first, and never grows beyond its bound', async () => {
    const limits = { batchEvents: 10, batchBytes: 1000, bytesMax: 2000, gatherMs: 1, retryMs: 5 };
    const spool = open(NOBODY, { limits });
    for (let n = 0; n < 100; n++) await spool.record(anEvent(`read-${n}`, true));
    const reads = spool.waiting;
    expect(reads).toBeLessThan(20);
    await spool.record(anEvent('write'));
    expect(spool.waiting).toBe(reads + 1);
    for (let n = 0; n < 100; n++) await spool.record(anEvent(`write-${n}`));
    expect(spool.waiting).toBeLessThan(25);
  });
});
