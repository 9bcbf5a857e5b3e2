/** The spans of a trace in the order of a tree: each below its parent, siblings by their beginning. */
import type { Span } from '../otlp/span.ts';

export interface Branch {
  readonly span: Span;
  /** How many spans it is below. */
  readonly depth: number;
}

/** Spans whose parent is not there, and circles of parents, are shown as roots: nothing is left out. */
export function treeOf(spans: readonly Span[]): Branch[] {
  const byId = new Map(spans.map(span => [span.spanId, span]));
  const children = Map.groupBy(spans, ({ parentId }) => (parentId !== undefined && byId.has(parentId) ? parentId : ''));
  const branches: Branch[] = [];
  const shown = new Set<Span>();
  const visit = (root: Span): void => {
    const waiting: Branch[] = [{ span: root, depth: 0 }];
    for (let branch = waiting.pop(); branch !== undefined; branch = waiting.pop()) {
      if (shown.has(branch.span)) continue;
      shown.add(branch.span);
      branches.push(branch);
      const below = children.get(branch.span.spanId) ?? [];
      for (const span of below.toReversed()) waiting.push({ span, depth: branch.depth + 1 });
    }
  };
  children.get('')?.forEach(visit);
  spans.forEach(visit);
  return branches;
}
