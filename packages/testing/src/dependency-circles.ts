/** Circles in a graph of who must have come before whom: Tarjan's components (1972), and in each a short way around. */

export interface Dependency {
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

/** Where circles are looked for in one component. */
const TRIED = 200;

/** The edges of a short circle in order; undefined when there is none. */
export function shortCircle(edges: readonly Dependency[]): readonly Dependency[] | undefined {
  const next = Map.groupBy(edges, ({ from }) => from);
  let best: readonly Dependency[] | undefined;
  for (const component of components(next)) {
    if (component.size === 1) continue;
    for (const node of [...component].slice(0, TRIED)) {
      const circle = wayBack(node, next, component);
      if (circle !== undefined && (best === undefined || circle.length < best.length)) best = circle;
    }
  }
  return best;
}

type Edges = ReadonlyMap<number, readonly Dependency[]>;

/** Breadth first, from a node to itself. */
function wayBack(start: number, next: Edges, within: ReadonlySet<number>): Dependency[] | undefined {
  const cameBy = new Map<number, Dependency>();
  const queue = [start];
  for (const node of queue) {
    for (const edge of next.get(node) ?? []) {
      if (!within.has(edge.to) || cameBy.has(edge.to)) continue;
      cameBy.set(edge.to, edge);
      if (edge.to !== start) {
        queue.push(edge.to);
        continue;
      }
      const way = [edge];
      while (way[0]!.from !== start) way.unshift(cameBy.get(way[0]!.from)!);
      return way;
    }
  }
  return undefined;
}

/** Strongly connected components, without recursion: histories are long. */
function components(next: Edges): Set<number>[] {
  const found: Set<number>[] = [];
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  for (const root of next.keys()) {
    if (index.has(root)) continue;
    const work = [{ node: root, edge: 0 }];
    while (work.length > 0) {
      const at = work.at(-1)!;
      const { node } = at;
      if (at.edge === 0) {
        index.set(node, index.size);
        low.set(node, index.get(node)!);
        stack.push(node);
        onStack.add(node);
      }
      const edge = next.get(node)?.[at.edge++];
      if (edge !== undefined) {
        if (!index.has(edge.to)) work.push({ node: edge.to, edge: 0 });
        else if (onStack.has(edge.to)) low.set(node, Math.min(low.get(node)!, index.get(edge.to)!));
        continue;
      }
      work.pop();
      const parent = work.at(-1)?.node;
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent)!, low.get(node)!));
      if (low.get(node) !== index.get(node)) continue;
      const members = new Set<number>();
      for (let member = stack.pop()!; ; member = stack.pop()!) {
        onStack.delete(member);
        members.add(member);
        if (member === node) break;
      }
      found.push(members);
    }
  }
  return found;
}
