/**
 * Is a history of transactions over lists, which only ever grow, as if each had happened at one moment between its call and
 * its answer? After Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations" (VLDB 2020):
 * what was read of a list tells the order of its appends, and so who came before whom; no order explains a circle.
 */
import { type Dependency, shortCircle } from './dependency-circles.ts';

/** The values of a list, as they were read or found to be. */
export interface ListRead {
  readonly key: string;
  readonly values: readonly string[];
}

export interface ListTransaction {
  /** What a report calls it. */
  readonly name: string;
  /** When the caller asked. */
  readonly from: number;
  /** When the caller knew; `Infinity` for one whose outcome stayed unknown. */
  readonly until: number;
  /** `failed`: certainly without effect. */
  readonly outcome: 'ok' | 'failed' | 'unknown';
  /** Values are distinct; one to a list. */
  readonly appends: readonly { readonly key: string; readonly value: string }[];
  /** What the lists were before its own appends, or including them. */
  readonly reads: readonly ListRead[];
}

/** What cannot be explained; the first few sentences. Empty when the history is strictly serializable. */
export function explainLists(history: readonly ListTransaction[]): string[] {
  const lists = new Map<string, KnownList>();
  const listOf = (key: string) => {
    const known = lists.get(key) ?? new KnownList(key);
    lists.set(key, known);
    return known;
  };
  for (const transaction of history) {
    for (const { key, value } of transaction.appends) listOf(key).writers.set(value, transaction);
    if (transaction.outcome === 'ok') for (const read of transaction.reads) listOf(read.key).saw(read, transaction);
  }
  const problems = [...lists.values()].flatMap(list => list.problems());
  // Without one order for each list there is nothing to build on.
  if (problems.length > 0) return problems;
  return circleIn(happened(history, lists), lists);
}

/** Transactions that took place: those that were told so, and those whose appends somebody saw. */
const happened = (history: readonly ListTransaction[], lists: ReadonlyMap<string, KnownList>): ListTransaction[] =>
  history.filter(
    ({ outcome, appends }) =>
      outcome === 'ok' || appends.some(({ key, value }) => lists.get(key)!.place(value) !== undefined),
  );

class KnownList {
  readonly key: string;
  /** Who appended a value, or tried to. */
  readonly writers = new Map<string, ListTransaction>();
  readonly #reads: { readonly values: readonly string[]; readonly by: ListTransaction }[] = [];
  readonly #places = new Map<string, number>();
  /** The longest that was read. */
  values: readonly string[] = [];

  constructor(key: string) {
    this.key = key;
  }

  saw({ values }: ListRead, by: ListTransaction): void {
    this.#reads.push({ values, by });
    if (values.length <= this.values.length) return;
    this.values = values;
    values.forEach((value, i) => {
      this.#places.set(value, i);
    });
  }

  place(value: string): number | undefined {
    return this.#places.get(value);
  }

  problems(): string[] {
    const problems: string[] = [];
    for (const { values, by } of this.#reads) {
      const apart = values.findIndex((value, i) => value !== this.values[i]);
      if (apart >= 0)
        problems.push(`incompatible orders of ${this.key}: ${by.name} read ${values}, another ${this.values}`);
    }
    const twice = this.values.find((value, i) => this.#places.get(value) !== i);
    if (twice !== undefined) problems.push(`${this.key} has ${twice} twice: ${this.values}`);
    for (const value of this.values) {
      const writer = this.writers.get(value);
      if (writer === undefined) problems.push(`${this.key} has ${value}, which nobody appended`);
      else if (writer.outcome === 'failed')
        problems.push(`${this.key} has ${value}, but ${writer.name} was told that it failed`);
    }
    for (const [value, { name, until, outcome }] of this.writers) {
      if (outcome !== 'ok' || this.#places.has(value)) continue;
      const missing = this.#reads.find(({ by }) => by.from > until);
      if (missing !== undefined)
        problems.push(`lost append: ${name} appended ${value} to ${this.key}, and ${missing.by.name} did not find it`);
    }
    return problems;
  }
}

/** In a graph of who must have come before whom, with a node for each answer so that time adds few edges. */
function circleIn(history: readonly ListTransaction[], lists: ReadonlyMap<string, KnownList>): string[] {
  const nodes = new Map(history.map((transaction, i) => [transaction, i]));
  const edges: Dependency[] = [];
  const after = (from: ListTransaction | undefined, to: ListTransaction | undefined, why: string) => {
    const [a, b] = [from && nodes.get(from), to && nodes.get(to)];
    if (a !== undefined && b !== undefined && a !== b) edges.push({ from: a, to: b, why });
  };
  for (const { key, values, writers } of lists.values())
    for (const [i, value] of values.entries())
      if (i > 0) after(writers.get(values[i - 1]!), writers.get(value), `ww ${key}`);
  for (const transaction of history) {
    if (transaction.outcome !== 'ok') continue;
    for (const { key, values } of transaction.reads) {
      const list = lists.get(key)!;
      after(list.writers.get(values.at(-1) ?? ''), transaction, `wr ${key}`);
      after(transaction, list.writers.get(list.values[values.length] ?? ''), `rw ${key}`);
    }
  }
  edges.push(...inTime(history));
  const circle = shortCircle(edges);
  if (circle === undefined) return [];
  // The moments between transactions say nothing by themselves.
  const named = circle.filter(({ from }) => from < history.length);
  const story = named.map(({ from, why }) => `${history[from]!.name} -${why}->`).join(' ');
  return [`${anomaly(circle)}: ${story} ${history[named[0]!.from]!.name}`];
}

/** An answer comes before every later call: answers are a chain of nodes behind those of the transactions. */
function inTime(history: readonly ListTransaction[]): Dependency[] {
  const why = 'time';
  const answers = [...history.keys()]
    .filter(i => history[i]!.until !== Number.POSITIVE_INFINITY)
    .sort((a, b) => history[a]!.until - history[b]!.until);
  const edges: Dependency[] = [];
  answers.forEach((node, n) => {
    edges.push({ from: node, to: history.length + n, why });
    if (n > 0) edges.push({ from: history.length + n - 1, to: history.length + n, why });
  });
  const calls = [...history.keys()].sort((a, b) => history[a]!.from - history[b]!.from);
  let known = 0;
  for (const node of calls) {
    while (known < answers.length && history[answers[known]!]!.until < history[node]!.from) known++;
    if (known > 0) edges.push({ from: history.length + known - 1, to: node, why });
  }
  return edges;
}

/** Adya's names (1999), as Elle uses them. */
function anomaly(circle: readonly Dependency[]): string {
  const count = (kind: string) => circle.filter(({ why }) => why.startsWith(kind)).length;
  const reads = count('rw');
  const name = reads > 1 ? 'G2' : reads === 1 ? 'G-single' : count('wr') > 0 ? 'G1c' : 'G0';
  return count('time') > 0 ? `${name}-realtime` : name;
}
