/**
 * Is a history of reads and writes of one register linearizable? (Herlihy and Wing, 1990; the search is that of Wing and
 * Gong, 1993, with Lowe's memory of configurations already seen.) Exact, and fast for the small histories of one key.
 */

export interface RegisterOperation {
  /** `swap` writes if the value is the one expected; `differs` was told that the value is not this one. */
  readonly kind: 'read' | 'write' | 'swap' | 'differs';
  /** What was read, or was to be written, or was not there. */
  readonly value: string;
  /** Of a swap: what it found. */
  readonly expected?: string;
  /** When the caller asked. */
  readonly from: number;
  /** When the caller knew; `Infinity` for a write or swap whose outcome stayed unknown, which may happen at any time, or never. */
  readonly until: number;
}

/** Undefined when the history is linearizable, else a sentence that says what cannot be explained. */
export function explainRegister(history: readonly RegisterOperation[], initial: string): string | undefined {
  const operations = [...history].sort((a, b) => a.from - b.from);
  const mustHappen = operations.filter(o => o.until !== Number.POSITIVE_INFINITY).length;
  const seen = new Set<string>();
  const done = new Uint8Array(operations.length);
  let deepest = 0;

  const search = (value: string, happened: number): boolean => {
    if (happened === mustHappen) return true;
    const key = `${done.join('')}${value}`;
    if (seen.has(key)) return false;
    seen.add(key);
    deepest = Math.max(deepest, happened);
    // Whatever happens next must have been asked for before the first of the others was known to be over.
    let horizon = Number.POSITIVE_INFINITY;
    for (const [i, o] of operations.entries()) if (done[i] === 0) horizon = Math.min(horizon, o.until);
    for (const [i, o] of operations.entries()) {
      if (o.from > horizon) break;
      if (done[i] === 1 || !fits(o, value)) continue;
      done[i] = 1;
      const counts = o.until === Number.POSITIVE_INFINITY ? 0 : 1;
      if (search(o.kind === 'write' || o.kind === 'swap' ? o.value : value, happened + counts)) return true;
      done[i] = 0;
    }
    return false;
  };

  if (search(initial, 0)) return undefined;
  return `no order explains the history: at most ${deepest} of ${mustHappen} operations fit; ${describe(operations)}`;
}

/** Whether an operation can happen to a register with this value. */
function fits({ kind, value, expected }: RegisterOperation, present: string): boolean {
  if (kind === 'read') return value === present;
  if (kind === 'differs') return value !== present;
  return kind === 'write' || expected === present;
}

const describe = (operations: readonly RegisterOperation[]): string =>
  operations
    .map(
      o =>
        `${o.kind} ${o.expected === undefined ? '' : `${o.expected} > `}${o.value} [${o.from.toFixed(1)}, ${o.until.toFixed(1)}]`,
    )
    .join('; ');
