/**
 * Objects are kept: what was put and acknowledged is read whole, is listed, and is in every zone in the end; what was
 * deleted is gone. A process does one thing after the other, with objects that nobody else touches, so that it must see
 * all it has done before.
 */
import type { FinalObjects, Operation } from '../history.ts';
import { type Checker, finding } from './checker.ts';
import { MISSING } from './reads.ts';

/** What an object must be like. `undefined`: an operation without a clear answer leaves it open. */
type Expected = string | typeof MISSING | undefined;

export const objectsAreKept: Checker = entries => {
  const byProcess = new Map<string, Operation[]>();
  const finals: FinalObjects[] = [];
  for (const entry of entries) {
    if (entry.type === 'final-objects') finals.push(entry);
    if (entry.type !== 'operation' || !ACTIONS.has(entry.action)) continue;
    byProcess.set(entry.process, [...(byProcess.get(entry.process) ?? []), entry]);
  }
  const problems: string[] = [];
  const expected = new Map<string, Expected>();
  let reads = 0;
  for (const operations of byProcess.values()) {
    for (const operation of operations) {
      reads += Number(operation.action === 'get' || operation.action === 'list');
      problems.push(...follow(expected, operation));
    }
  }
  for (const { zone, objects } of finals) problems.push(...compare(zone, expected, objects));
  const kept = [...expected.values()].filter(value => value !== undefined && value !== MISSING).length;
  return finding('objects', kept, problems, { kept, reads, zones: finals.length });
};

const ACTIONS: ReadonlySet<string> = new Set(['put', 'get', 'list', 'delete']);

function follow(expected: Map<string, Expected>, operation: Operation): string[] {
  const { action, key, value = '', outcome, isLocal } = operation;
  switch (action) {
    case 'put':
      if (outcome !== 'fail') expected.set(key, outcome === 'ok' ? value : undefined);
      return [];
    case 'delete':
      if (outcome !== 'fail') expected.set(key, outcome === 'ok' ? MISSING : undefined);
      return [];
    case 'get':
      return outcome === 'ok' && isLocal !== true ? differs('a read', key, expected.get(key), value) : [];
    default:
      return outcome === 'ok' && isLocal !== true ? listed(expected, key, value) : [];
  }
}

function differs(where: string, key: string, wanted: Expected, found: string): string[] {
  return wanted === undefined || wanted === found ? [] : [`${where} gave ${key} as ${found}, expected ${wanted}`];
}

function listed(expected: ReadonlyMap<string, Expected>, prefix: string, numbers: string): string[] {
  if (numbers.endsWith('...')) return [];
  const there = new Set(numbers === '' ? [] : numbers.split(' ').map(number => prefix + number));
  return [...expected]
    .filter(([key, wanted]) => key.startsWith(prefix) && wanted !== undefined)
    .filter(([key, wanted]) => there.has(key) !== (wanted !== MISSING))
    .map(([key, wanted]) => `a list ${wanted === MISSING ? 'still has' : 'lacks'} ${key}`);
}

function compare(
  zone: string,
  expected: ReadonlyMap<string, Expected>,
  objects: Readonly<Record<string, string>>,
): string[] {
  const unknown = Object.keys(objects).filter(key => !expected.has(key));
  return [
    ...[...expected].flatMap(([key, wanted]) => differs(zone, key, wanted, objects[key] ?? MISSING)),
    ...unknown.map(key => `${zone} has ${key}, which nobody put`),
  ];
}
