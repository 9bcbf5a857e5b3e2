/**
 * Where the parts of the service map stand: a column for each distance from where calls come in, sorted by name. A part
 * has one column in all zones.
 */
import type { Edge } from '../store/service-map.ts';

export interface Place {
  readonly column: number;
  readonly row: number;
}

export interface MapLayout {
  readonly places: ReadonlyMap<string, Place>;
  readonly columns: number;
  readonly rows: number;
}

export function mapLayout(edges: readonly Edge[]): MapLayout {
  const nodes = [...new Set(edges.flatMap(({ parent, child }) => [parent, child]))].sort(byName);
  const between = edges.map(({ parent, child }) => ({ parent: partOf(parent), child: partOf(child) }));
  const columns = distances([...new Set(nodes.map(partOf))], between);
  const filled: number[] = [];
  const places = new Map(
    nodes.map(node => {
      const column = columns.get(partOf(node)) ?? 0;
      const row = filled[column] ?? 0;
      filled[column] = row + 1;
      return [node, { column, row }];
    }),
  );
  return { places, columns: filled.length, rows: Math.max(0, ...filled.map(count => count ?? 0)) };
}

/** Without its zone. */
const partOf = (node: string): string => node.split(' ')[0]!;

/** Parts of one kind together, zones in their order. */
const byName = (a: string, b: string): number => (a < b ? -1 : 1);

/** Least number of steps from a part that no other calls; in a circle, from its first part. */
function distances(nodes: readonly string[], edges: readonly Pick<Edge, 'parent' | 'child'>[]): Map<string, number> {
  const called = new Set(edges.filter(({ parent, child }) => parent !== child).map(({ child }) => child));
  const found = new Map<string, number>();
  const walk = (roots: readonly string[]): void => {
    for (let level = roots, distance = 0; level.length > 0; distance++) {
      for (const node of level) found.set(node, distance);
      const next = new Set(edges.filter(({ parent }) => level.includes(parent)).map(({ child }) => child));
      level = [...next].filter(node => !found.has(node));
    }
  };
  walk(nodes.filter(node => !called.has(node)));
  for (const node of nodes) if (!found.has(node)) walk([node]);
  return found;
}
