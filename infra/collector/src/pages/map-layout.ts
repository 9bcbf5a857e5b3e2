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
  const columns = byPart(distances(nodes, edges));
  const filled: number[] = [];
  const places = new Map(
    nodes.map(node => {
      const column = columns.get(node) ?? 0;
      const row = filled[column] ?? 0;
      filled[column] = row + 1;
      return [node, { column, row }];
    }),
  );
  return { places, columns: filled.length, rows: Math.max(0, ...filled.map(count => count ?? 0)) };
}

/** Parts of one kind together, zones in their order. */
const byName = (a: string, b: string): number => (a < b ? -1 : 1);

/** The least distance that any zone's copy of a part has. */
function byPart(distances: ReadonlyMap<string, number>): Map<string, number> {
  const least = new Map<string, number>();
  const partOf = (node: string) => node.split(' ')[0]!;
  for (const [node, distance] of distances) {
    const part = partOf(node);
    least.set(part, Math.min(distance, least.get(part) ?? distance));
  }
  return new Map([...distances.keys()].map(node => [node, least.get(partOf(node))!]));
}

/** Least number of steps from a node that nobody calls; in a circle, from its first node. */
function distances(nodes: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const called = new Set(edges.map(({ child }) => child));
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
