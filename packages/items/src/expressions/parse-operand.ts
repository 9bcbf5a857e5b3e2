/** Document paths and operands, which all expressions have in common. */
import { DEPTH_MAX } from '../values/checked-value.ts';
import type { CallNode, OperandNode, PathNode, PathPart, ValueNode } from './syntax.ts';
import type { TokenReader } from './tokens.ts';

const INDEX_MAX = 2 ** 31 - 1;

/** A document path: names and placeholders with dots, indexes in brackets. `isKeyword` tells words that are none. */
export function parsePath(reader: TokenReader, isKeyword: (word: string) => boolean = () => false): PathNode {
  return continuedPath(reader, [parseName(reader, isKeyword)], isKeyword);
}

/** What may follow a path that has begun. */
export function continuedPath(
  reader: TokenReader,
  begin: readonly PathPart[],
  isKeyword: (word: string) => boolean,
): PathNode {
  const parts = [...begin];
  for (;;) {
    if (reader.takeIf('.')) parts.push(parseName(reader, isKeyword));
    else if (reader.takeIf('[')) parts.push(parseIndex(reader));
    else break;
  }
  if (parts.length > DEPTH_MAX)
    throw reader.invalid(`The document path has too many nesting levels; nesting levels: ${parts.length}`);
  return { kind: 'path', parts };
}

export function parseValue(reader: TokenReader): ValueNode {
  if (reader.current.kind !== 'value') throw reader.syntaxError();
  return { kind: 'value', placeholder: reader.take().text };
}

/** A function and its operands; the reader is at its name. */
export function parseCall(reader: TokenReader, operand: () => OperandNode): CallNode {
  const name = reader.take().text;
  reader.operators++;
  return { kind: 'call', name, operands: reader.between(() => reader.list(operand)) };
}

/** Whether a function begins here. */
export const atCall = (reader: TokenReader): boolean => reader.current.kind === 'word' && reader.following.text === '(';

function parseName(reader: TokenReader, isKeyword: (word: string) => boolean): PathPart {
  const { kind, text } = reader.current;
  if (kind === 'name') return { placeholder: reader.take().text };
  if (kind === 'word' && !isKeyword(text.toUpperCase())) return { name: reader.take().text };
  throw reader.syntaxError();
}

function parseIndex(reader: TokenReader): PathPart {
  if (reader.current.kind !== 'number') throw reader.syntaxError();
  const { text } = reader.take();
  const index = Number(text);
  if (index > INDEX_MAX) throw reader.invalid(`List index is not within the allowable range; index: [${text}]`);
  reader.expectSign(']');
  return { index };
}
