/** Every register is linearizable: there is an order of its reads and writes that explains what everybody saw. */
import { explainRegister, type RegisterOperation } from '@stormglass/testing';
import type { Operation } from '../history.ts';
import { type Checker, type Finding, finding } from './checker.ts';

/** The search is exact, and its memory grows with the square of a register's history. */
const OPERATIONS_MAX = 4000;

const ACTIONS: ReadonlySet<string> = new Set(['write', 'read', 'swap']);

export const registersAreLinearizable: Checker = (entries): Finding => {
  const byKey = new Map<string, Operation[]>();
  for (const entry of entries) {
    if (entry.type !== 'operation' || !ACTIONS.has(entry.action)) continue;
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
 * What is known for certain. A write without a clear answer whose value somebody saw has happened before that; one whose
 * value nobody saw may as well never have happened, unless somebody was told that another value was gone. Both are exact,
 * since every value is written once.
 */
function settled(operations: readonly Operation[]): RegisterOperation[] {
  const seen = new Map<string, number>();
  const saw = (value: string, until: number) =>
    seen.set(value, Math.min(until, seen.get(value) ?? Number.POSITIVE_INFINITY));
  let lastMissed = Number.NEGATIVE_INFINITY;
  for (const { action, value = '', expected = '', until, outcome, isLocal, refusal } of operations) {
    if (outcome !== 'ok' || isLocal === true) continue;
    if (refusal === 'condition') lastMissed = Math.max(lastMissed, until);
    else if (action === 'read') saw(value, until);
    else if (action === 'swap' && refusal === undefined) saw(expected, until);
  }
  return operations.flatMap((operation): RegisterOperation[] => {
    const { action, value = '', expected, from, until, outcome, isLocal, refusal } = operation;
    if (refusal === 'conflict') return [];
    if (refusal === 'condition') return [{ kind: 'differs', value: expected ?? '', from, until }];
    if (action === 'read') return outcome === 'ok' && isLocal !== true ? [{ kind: 'read', value, from, until }] : [];
    const kind = action === 'swap' ? 'swap' : 'write';
    const written = { kind, value, from, ...(expected === undefined ? {} : { expected }) } as const;
    if (outcome === 'ok') return [{ ...written, until }];
    if (outcome === 'fail') return [];
    const seenAt = seen.get(value);
    if (seenAt !== undefined) return [{ ...written, until: seenAt }];
    return lastMissed > from ? [{ ...written, until: Number.POSITIVE_INFINITY }] : [];
  });
}
