/** How much an expression may be (Developer Guide, "Quotas", expression parameters), and what none may have. */
import { InvalidInput } from '../invalid-input.ts';
import { isReservedWord } from './reserved-words.ts';
import type { ExpressionKind, PathNode } from './syntax.ts';

const TEXT_BYTES_MAX = 4096;
const OPERATORS_MAX = 300;

/** @throws InvalidInput when there is nothing in the text, or too much */
export function checkText(kind: ExpressionKind, text: string): void {
  if (text.trim() === '') throw new InvalidInput(`Invalid ${kind}: The expression can not be empty;`);
  const bytes = Buffer.byteLength(text);
  if (bytes > TEXT_BYTES_MAX)
    throw new InvalidInput(
      `Invalid ${kind}: Expression size has exceeded the maximum allowed size; expression size: ${bytes}`,
    );
}

/** @throws InvalidInput when there are too many */
export function checkOperators(kind: ExpressionKind, operators: number): void {
  if (operators > OPERATORS_MAX)
    throw new InvalidInput(`Invalid ${kind}: The expression contains too many operators; operator count: ${operators}`);
}

/** @throws InvalidInput when one of the paths has a reserved word for a name, and not behind a `#` */
export function checkReserved(kind: ExpressionKind, paths: readonly PathNode[]): void {
  for (const { parts } of paths) {
    for (const part of parts) {
      if ('name' in part && isReservedWord(part.name))
        throw new InvalidInput(`Invalid ${kind}: Attribute name is a reserved keyword; reserved keyword: ${part.name}`);
    }
  }
}
