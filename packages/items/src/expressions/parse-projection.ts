/** The grammar of projections: document paths with commas between. */
import { parsePath } from './parse-operand.ts';
import type { PathNode } from './syntax.ts';
import { TokenReader } from './tokens.ts';

/** @throws InvalidInput when the text is no projection */
export function parseProjection(text: string): readonly PathNode[] {
  const reader = new TokenReader('ProjectionExpression', text);
  const paths = reader.list(() => parsePath(reader));
  reader.expectEnd();
  return paths;
}
