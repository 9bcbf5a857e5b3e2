/** The grammar of expressions: conditions, operands and values (Developer Guide, "PartiQL operators", "functions"). */
import type { Comparator, PathParts, PathTerm, Term } from './syntax.ts';
import { malformed, type Token, type Tokens } from './tokens.ts';

const COMPARATORS: ReadonlyMap<string, Comparator> = new Map([
  ['=', '='],
  ['<>', '<>'],
  ['!=', '<>'],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);
/** Words that stand between operands, or before one, and not where one is due. */
const OPERATORS: ReadonlySet<string> = new Set([
  'AND',
  'OR',
  'IS',
  'IN',
  'LIKE',
  'BETWEEN',
  'UNION',
  'EXCEPT',
  'INTERSECT',
]);
/** Names of types that SQL has. */
const TYPES: ReadonlySet<string> = new Set(
  `MISSING NULL BOOL BOOLEAN SMALLINT INT INT4 INT8 INTEGER FLOAT REAL DECIMAL NUMERIC CHAR CHARACTER VARCHAR STRING SYMBOL
   BLOB CLOB DATE TIME TIMESTAMP STRUCT TUPLE LIST SEXP BAG ANY DOUBLE`.split(/\s+/),
);
const INDEX_MAX = 2 ** 31 - 1;

/** Reads expressions, and counts the parameters in them. */
export class TermParser {
  readonly tokens: Tokens;
  parameters = 0;

  constructor(tokens: Tokens) {
    this.tokens = tokens;
  }

  condition(): Term {
    return this.#chain('OR', 'or', () => this.#chain('AND', 'and', () => this.#not()));
  }

  /** A document path. */
  path(): PathTerm {
    const { tokens } = this;
    const first = tokens.current;
    if (!isName(first)) throw this.#unexpected();
    tokens.take();
    const parts: [string, ...(string | number)[]] = [first.text];
    for (;;) {
      if (tokens.takeIf('.')) parts.push(this.#member());
      else if (tokens.takeIf('[')) parts.push(this.#index());
      else break;
    }
    return { kind: 'path', parts: parts satisfies PathParts, at: tokens.at(first) };
  }

  /** An operand: a value, a path, a function of such, or a sum. */
  operand(): Term {
    let left = this.#primary();
    for (;;) {
      const sign = ['+', '-', '*', '/', '%', '||'].find(each => this.tokens.isAt(each));
      if (sign === undefined) return left;
      left = { kind: 'sum', operator: sign, operands: [left, this.#right(() => this.#primary())] };
    }
  }

  #chain(word: string, kind: 'and' | 'or', part: () => Term): Term {
    const first = part();
    if (!this.tokens.isAt(word)) return first;
    const parts = [first];
    while (this.tokens.isAt(word)) parts.push(this.#right(part));
    return { kind, parts };
  }

  /** What is right of an operator, which is taken. */
  #right(read: () => Term): Term {
    this.tokens.take();
    if (this.tokens.isAtEnd) throw malformed('Missing right-hand side expression of infix operator');
    return read();
  }

  #not(): Term {
    if (!this.tokens.takeIf('NOT')) return this.#predicate();
    return { kind: 'not', part: this.tokens.deeper(() => this.#not()) };
  }

  #predicate(): Term {
    const { tokens } = this;
    const left = this.operand();
    const comparator = tokens.current.kind === 'sign' ? COMPARATORS.get(tokens.current.text) : undefined;
    if (comparator !== undefined)
      return { kind: 'compare', operator: comparator, operands: [left, this.#right(() => this.operand())] };
    if (tokens.isAt('IS')) return this.#type(left);
    const isNegated = tokens.isAt('NOT') && ['IN', 'BETWEEN'].includes(tokens.following.text.toUpperCase());
    if (isNegated) tokens.take();
    const found = this.#membership(left);
    return isNegated ? { kind: 'not', part: found } : found;
  }

  #membership(left: Term): Term {
    if (this.tokens.isAt('IN')) return { kind: 'in', operand: left, among: this.#right(() => this.operand()) };
    if (!this.tokens.isAt('BETWEEN')) return left;
    const low = this.#right(() => this.operand());
    this.tokens.expect('AND', 'Expected AND after BETWEEN');
    return { kind: 'between', operands: [left, low, this.operand()] };
  }

  #type(operand: Term): Term {
    const { tokens } = this;
    tokens.take();
    const isNegated = tokens.takeIf('NOT');
    const { kind, text } = tokens.current;
    const type = text.toUpperCase();
    if (kind !== 'word' || !TYPES.has(type)) throw malformed('Expected type name');
    tokens.take();
    const term = { kind: 'is', operand, type } as const;
    return isNegated ? { kind: 'not', part: term } : term;
  }

  #primary(): Term {
    const { tokens } = this;
    const { kind, text } = tokens.current;
    if (kind === 'string') return { kind: 'string', text: tokens.take().text };
    if (kind === 'number') return { kind: 'number', text: tokens.take().text };
    if (kind === 'sign') return this.#sign(text);
    if (kind === 'word' && tokens.following.text === '(' && !OPERATORS.has(text.toUpperCase())) return this.#call();
    const constant = kind === 'word' ? constantOf(text.toUpperCase()) : undefined;
    if (constant === undefined) return this.path();
    tokens.take();
    return constant;
  }

  #call(): Term {
    const { tokens } = this;
    const name = tokens.take();
    tokens.take();
    const operands = tokens.deeper(() => tokens.listUntil(')', () => this.condition()));
    return { kind: 'call', name: name.text.toLowerCase(), operands, at: tokens.at(name) };
  }

  #sign(sign: string): Term {
    const { tokens } = this;
    switch (sign) {
      case '?':
        tokens.take();
        return { kind: 'parameter', index: this.parameters++ };
      case '-':
      case '+':
        if (tokens.following.kind !== 'number') break;
        tokens.take();
        return { kind: 'number', text: (sign === '-' ? '-' : '') + tokens.take().text };
      case '(':
        return this.#parentheses();
      case '[':
        tokens.take();
        return { kind: 'list', members: this.#members(']') };
      case '<<':
        tokens.take();
        return { kind: 'bag', members: this.#members('>>') };
      case '{':
        tokens.take();
        return { kind: 'struct', members: tokens.deeper(() => tokens.listUntil('}', () => this.#field())) };
    }
    throw this.#unexpected();
  }

  #members(close: string): Term[] {
    return this.tokens.deeper(() => this.tokens.listUntil(close, () => this.operand()));
  }

  /** A condition in parentheses, or several values. */
  #parentheses(): Term {
    const { tokens } = this;
    tokens.take();
    const members = tokens.deeper(() => tokens.list(() => this.condition()));
    tokens.expect(')');
    return members.length === 1 ? members[0]! : { kind: 'sequence', members };
  }

  #field(): readonly [Term, Term] {
    const name = this.operand();
    this.tokens.expect(':');
    return [name, this.operand()];
  }

  #member(): string {
    const { tokens } = this;
    if (tokens.isAt('*')) throw malformed('Unpivot path component like a.*.b are not supported');
    if (!isName(tokens.current)) throw malformed('Invalid path dot component');
    return tokens.take().text;
  }

  #index(): string | number {
    const { kind, text } = this.tokens.take();
    if (text === '*') throw malformed('Wildcard path component like a[*].b are not supported');
    const isWhole = kind === 'number' && /^\d+$/.test(text) && Number(text) <= INDEX_MAX;
    if (!isWhole && kind !== 'string') throw malformed('Invalid path component');
    this.tokens.expect(']');
    return kind === 'string' ? text : Number(text);
  }

  #unexpected(): Error {
    const { kind, text, isKeyword } = this.tokens.current;
    if (COMPARATORS.has(text) || (kind === 'word' && OPERATORS.has(text.toUpperCase())))
      return malformed('Unexpected operator');
    return malformed(isKeyword ? 'Unexpected keyword' : 'Unexpected term');
  }
}

/** Whether a token can be the name of something. */
export const isName = ({ kind, isKeyword }: Token): boolean => kind === 'quoted' || (kind === 'word' && !isKeyword);

function constantOf(word: string): Term | undefined {
  switch (word) {
    case 'TRUE':
    case 'FALSE':
      return { kind: 'boolean', yes: word === 'TRUE' };
    case 'NULL':
      return { kind: 'null' };
    case 'MISSING':
      return { kind: 'missing' };
    default:
      return undefined;
  }
}
