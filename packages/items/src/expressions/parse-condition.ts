/** The grammar of conditions (Developer Guide, "Condition and filter expressions, operators, and functions"). */
import { atCall, continuedPath, parseCall, parsePath, parseValue } from './parse-operand.ts';
import type { Comparator, ConditionNode, ExpressionKind, OperandNode, PathNode, ValueNode } from './syntax.ts';
import { TokenReader } from './tokens.ts';

/** A condition, and what a look at its text tells. */
export interface ParsedCondition {
  readonly root: ConditionNode;
  readonly operators: number;
  /** Whether there are parentheses around parentheses. */
  readonly redundantParentheses: boolean;
}

const COMPARATORS: ReadonlySet<string> = new Set<Comparator>(['=', '<>', '<', '<=', '>', '>=']);
const KEYWORDS: ReadonlySet<string> = new Set(['AND', 'OR', 'NOT', 'BETWEEN', 'IN']);
const isKeyword = (word: string): boolean => KEYWORDS.has(word);

/** @throws InvalidInput when the text is no condition */
export function parseCondition(kind: ExpressionKind, text: string): ParsedCondition {
  const parser = new ConditionParser(new TokenReader(kind, text));
  return parser.parse();
}

/** Parentheses may hold a condition or an operand, and which it is shows only at their end. */
type Node = ConditionNode | PathNode | ValueNode;

class ConditionParser {
  readonly #reader: TokenReader;
  #redundantParentheses = false;
  /** The parentheses that were closed last, from where to where. */
  #lastGroup = { from: -1, to: -1 };

  constructor(reader: TokenReader) {
    this.#reader = reader;
  }

  parse(): ParsedCondition {
    const root = this.#condition(this.#or());
    this.#reader.expectEnd();
    return { root, operators: this.#reader.operators, redundantParentheses: this.#redundantParentheses };
  }

  #or(): Node {
    return this.#chain('OR', 'or', () => this.#and());
  }

  #and(): Node {
    return this.#chain('AND', 'and', () => this.#not());
  }

  #chain(word: string, kind: 'and' | 'or', part: () => Node): Node {
    const first = part();
    if (!this.#reader.atWord(word)) return first;
    const parts = [this.#condition(first)];
    while (this.#reader.takeIf(word)) {
      this.#reader.operators++;
      parts.push(this.#condition(part()));
    }
    return { kind, parts };
  }

  #not(): Node {
    let count = 0;
    while (this.#reader.takeIf('NOT')) count++;
    this.#reader.operators += count;
    let node = this.#predicate();
    for (; count > 0; count--) node = { kind: 'not', part: this.#condition(node) };
    return node;
  }

  #predicate(): Node {
    const left = this.#unit();
    if (!isOperand(left)) return left;
    const reader = this.#reader;
    if (reader.current.kind === 'sign' && COMPARATORS.has(reader.current.text)) {
      const operator = reader.take().text as Comparator;
      reader.operators++;
      return { kind: 'compare', operator, operands: [left, this.#operand()] };
    }
    if (reader.takeIf('BETWEEN')) {
      reader.operators++;
      const low = this.#operand();
      if (!reader.takeIf('AND')) throw reader.syntaxError();
      return { kind: 'between', operands: [left, low, this.#operand()] };
    }
    if (reader.takeIf('IN')) {
      reader.operators++;
      return { kind: 'in', operands: [left, ...reader.between(() => reader.list(() => this.#operand()))] };
    }
    return left;
  }

  #unit(): Node {
    const reader = this.#reader;
    if (reader.atSign('(')) return this.#parentheses(() => this.#or());
    if (reader.current.kind === 'value') return parseValue(reader);
    if (atCall(reader) && !isKeyword(reader.current.text.toUpperCase()))
      return parseCall(reader, () => this.#operand());
    return parsePath(reader, isKeyword);
  }

  #operand(): OperandNode {
    const unit = this.#reader.atSign('(') ? this.#parentheses(() => this.#operand()) : this.#unit();
    if (!isOperand(unit)) throw this.#reader.syntaxError();
    return unit;
  }

  #parentheses(inner: () => Node): Node {
    const reader = this.#reader;
    const open = reader.current.from;
    const node = reader.between(() => {
      const begin = reader.current.from;
      const result = inner();
      const { from, to } = this.#lastGroup;
      if (from === begin && to === reader.takenTo) this.#redundantParentheses = true;
      return result;
    });
    this.#lastGroup = { from: open, to: reader.takenTo };
    return node.kind === 'path' ? continuedPath(reader, node.parts, isKeyword) : node;
  }

  /** The node as a condition. */
  #condition(node: Node): ConditionNode {
    if (node.kind === 'path' || node.kind === 'value') throw this.#reader.syntaxError();
    return node;
  }
}

const isOperand = (node: Node): node is OperandNode =>
  node.kind === 'path' || node.kind === 'value' || node.kind === 'call';
