/** Bounds of BETWEEN that a client may send: of one type and in order, where both are literals. */
import type { TreeOperand } from './expression-trees.ts';
import { plain } from './plain-values.ts';

export function orderedLiterals(low: TreeOperand, high: TreeOperand): { low: TreeOperand; high: TreeOperand } {
  if (!('literal' in low && 'literal' in high)) return { low, high };
  const [a, b] = [plain(low.literal), plain(high.literal)];
  if (a.type !== b.type) return { low, high: low };
  const isReversed =
    (a.type === 'N' && b.type === 'N' && a.units > b.units) ||
    (a.type === 'B' && b.type === 'B' && a.hex > b.hex) ||
    (a.type === 'S' && b.type === 'S' && Buffer.compare(Buffer.from(a.text), Buffer.from(b.text)) > 0);
  return isReversed ? { low: high, high: low } : { low, high };
}
