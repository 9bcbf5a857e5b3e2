/** Statements as tokens, and how DynamoDB speaks of what is wrong with them. */
import { InvalidInput } from '../invalid-input.ts';
import { isKeyword } from './keywords.ts';

export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'sign' | 'end';
  /** Of strings and quoted names what they say. */
  readonly text: string;
  /** Whether it is a word that can be no name. */
  readonly isKeyword: boolean;
  readonly from: number;
  readonly to: number;
}

/** White space and comments. */
const SPACE = /(?:\s|--[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const TOKEN =
  /(?<word>[A-Za-z_$][\w$]*)|"(?<quoted>(?:[^"]|"")*)"|'(?<string>(?:[^']|'')*)'|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|<<|>>|<>|<=|>=|!=|\|\||[-+*/%=<>()[\]{},.:;?]/uy;
/** Literals and parentheses in each other: far more than values may have levels (32). */
const DEPTH_MAX = 200;

export const malformed = (detail: string): InvalidInput =>
  new InvalidInput(`Statement wasn't well formed, can't be processed: ${detail}`);

/** Reads the tokens of a statement one by one. */
export class Tokens {
  readonly #text: string;
  #current: Token;
  #depth = 0;

  /** @throws InvalidInput, as everything here does, where the text is no statement */
  constructor(text: string) {
    this.#text = text;
    this.#current = this.#scan(0);
  }

  get current(): Token {
    return this.#current;
  }

  /** The token after the current one. */
  get following(): Token {
    return this.#scan(this.#current.to);
  }

  get isAtEnd(): boolean {
    return this.#current.kind === 'end';
  }

  take(): Token {
    const token = this.#current;
    this.#current = this.following;
    return token;
  }

  /** Whether the current token is this sign, or this word, which is given in upper case. */
  isAt(text: string): boolean {
    const { kind, text: found } = this.#current;
    return (kind === 'sign' && found === text) || (kind === 'word' && found.toUpperCase() === text);
  }

  takeIf(text: string): boolean {
    const isThere = this.isAt(text);
    if (isThere) this.take();
    return isThere;
  }

  expect(text: string, detail = `Expected ${text}`): void {
    if (!this.takeIf(text)) throw malformed(detail);
  }

  /** One or more, with commas between. */
  list<T>(each: () => T): T[] {
    const members = [each()];
    while (this.takeIf(',')) members.push(each());
    return members;
  }

  /** None or more with commas between, up to the sign that closes them. */
  listUntil<T>(close: string, each: () => T): T[] {
    if (this.takeIf(close)) return [];
    const members = this.list(each);
    this.expect(close);
    return members;
  }

  /** What `inner` reads, which may read more of the same. */
  deeper<T>(inner: () => T): T {
    if (++this.#depth > DEPTH_MAX) throw malformed('Expression is nested too deeply');
    const result = inner();
    this.#depth--;
    return result;
  }

  /** ` at <line>:<column>:<length>`, from 1, as some messages end. */
  at({ from, to }: Pick<Token, 'from' | 'to'>): string {
    const before = this.#text.slice(0, from).split('\n');
    return ` at ${before.length}:${before.at(-1)!.length + 1}:${to - from}`;
  }

  #scan(from: number): Token {
    SPACE.lastIndex = from;
    SPACE.exec(this.#text);
    const start = SPACE.lastIndex;
    if (start === this.#text.length) return { kind: 'end', text: '', isKeyword: false, from: start, to: start };
    TOKEN.lastIndex = start;
    const match = TOKEN.exec(this.#text);
    // DynamoDB says no more of what cannot be read at all: here also of a comment that does not end.
    if (match === null || this.#text.startsWith('/*', start)) throw malformed('');
    const { word, quoted, string, number } = match.groups!;
    const place = { from: start, to: TOKEN.lastIndex };
    if (word !== undefined) return { kind: 'word', text: word, isKeyword: isKeyword(word), ...place };
    if (quoted !== undefined) return { kind: 'quoted', text: quoted.replaceAll('""', '"'), isKeyword: false, ...place };
    if (string !== undefined) return { kind: 'string', text: string.replaceAll("''", "'"), isKeyword: false, ...place };
    if (number !== undefined && !hasScale(number)) throw malformed('');
    return { kind: number === undefined ? 'sign' : 'number', text: match[0], isKeyword: false, ...place };
  }
}

const SCALE_MAX = 2 ** 31 - 1;

/** Whether the exponent, and the places after the point that come of it, are numbers of 32 bits. */
function hasScale(number: string): boolean {
  const [mantissa, exponent = '0'] = number.toLowerCase().split('e') as [string, string?];
  const places = mantissa.includes('.') ? mantissa.length - mantissa.indexOf('.') - 1 : 0;
  return Math.abs(Number(exponent)) <= SCALE_MAX && Math.abs(places - Number(exponent)) <= SCALE_MAX;
}
