/** Every register is linearizable: there is an order of its reads and writes that explains what everybody saw. */
import { explainRegister, type RegisterOperation } from '@stormglass/testing';
import type { Operation } from '../history.ts';
import { type Checker, type Finding, finding } from './checker.ts';

/** The search is exact, and its memory grows with the square of a register's history. */
const OPERATIONS_MAX = 4000;

export const registersAreLinearizable: Checker = (entries): Finding => {
  const byKey = new Map<string, Operation[]>();
  for (const entry of entries) {
    if (entry.type !== 'operation' || (entry.action !== 'write' && entry.action !== 'read')) continue;
    byKey.set(entry.key, [...(byKey.get(entry.key) ?? []), entry]);
  }
  const problems: string[] = [];
  const tooLong: string[] = [];
  let checked = 0;
  for (const [key, operations] of byKey) {
    const known = settled(operations);
    if (known.length > OPERATIONS_MAX) {
      tooLong.push(`${key}: ${known.length} operations are more than can be searched`);
      continue;
    }
    checked += known.length;
    const problem = explainRegister(known, '');
    if (problem !== undefined) problems.push(`${key}: ${problem}`);
  }
  const found = finding('linearizable registers', checked, problems, { registers: byKey.size, operations: checked });
  return problems.length === 0 && tooLong.length > 0 ? { ...found, verdict: 'unknown', problems: tooLong } : found;
};

/**
 * What is known for certain. A write without a clear answer that somebody read has happened before that read ended; one
 * that nobody read may as well never have happened. Both are exact, since every value is written once.
 */
function settled(operations: readonly Operation[]): RegisterOperation[] {
  const firstRead = new Map<string, number>();
  for (const { action, value = '', until, outcome, isLocal } of operations) {
    if (action !== 'read' || outcome !== 'ok' || isLocal === true) continue;
    firstRead.set(value, Math.min(until, firstRead.get(value) ?? Number.POSITIVE_INFINITY));
  }
  return operations.flatMap(({ action, value = '', from, until, outcome, isLocal }): RegisterOperation[] => {
    if (action === 'read') {
      return outcome === 'ok' && isLocal !== true ? [{ kind: 'read', value, from, until }] : [];
    }
    if (outcome === 'ok') return [{ kind: 'write', value, from, until }];
    const seen = firstRead.get(value);
    return outcome === 'unknown' && seen !== undefined ? [{ kind: 'write', value, from, until: seen }] : [];
  });
}
