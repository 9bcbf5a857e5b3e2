/** Where the statements of a policy stand in its text: simulations point at the statements that decided. */

/** Both count from 1. */
export interface Position {
  readonly Line: number;
  readonly Column: number;
}

export interface StatementSpan {
  readonly StartPosition: Position;
  readonly EndPosition: Position;
}

const STRING_OR_BRACKET = /"(?:[^"\\]|\\.)*"|[{}[\]]/g;
const COLON = /\s*:/y;

/**
 * The places of all statements, in their order. `text` is a policy that parses. As with IAM, a statement of a list
 * begins right behind what stands before it, one that stands alone at its own bracket.
 */
export function statementPositions(text: string): readonly StatementSpan[] {
  let spans: [from: number, to: number][] = [];
  let depth = 0;
  // The depth inside a statement; 0 while no statements are read.
  let inside = 0;
  let from = 0;
  let isNext = false;
  for (const { 0: token, index } of text.matchAll(STRING_OR_BRACKET)) {
    const end = index + token.length;
    if (token.startsWith('"')) {
      if (depth !== 1 || !isKeyAt(text, end)) continue;
      isNext = JSON.parse(token) === 'Statement';
      // A member that is there twice counts as it stands last.
      if (isNext) spans = [];
    } else if (token === '{' || token === '[') {
      depth++;
      if (!isNext) continue;
      isNext = false;
      inside = token === '{' ? 2 : 3;
      from = token === '{' ? index : end;
    } else {
      if (depth === inside) {
        spans.push([from, end]);
        from = end;
      }
      depth--;
      if (depth === 1) inside = 0;
    }
  }
  const positionAt = positionsIn(text);
  return spans.map(([start, end]) => ({ StartPosition: positionAt(start), EndPosition: positionAt(end) }));
}

function isKeyAt(text: string, end: number): boolean {
  COLON.lastIndex = end;
  return COLON.test(text);
}

/** Positions for offsets that are asked for in ascending order. */
function positionsIn(text: string): (offset: number) => Position {
  let line = 1;
  let lineStart = 0;
  return offset => {
    for (let at = text.indexOf('\n', lineStart); at >= 0 && at < offset; at = text.indexOf('\n', lineStart)) {
      line++;
      lineStart = at + 1;
    }
    return { Line: line, Column: offset - lineStart + 1 };
  };
}
