/** Expressions as tokens, and how a syntax error is told: the token that does not fit, between its neighbours. */
import { InvalidInput } from '../invalid-input.ts';
import type { ExpressionKind } from './syntax.ts';

export interface Token {
  readonly kind: 'word' | 'name' | 'value' | 'number' | 'sign' | 'end';
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const SPACE = /[ \t\r\n]*/y;
/** A character that belongs nowhere is a token of its own, and so the one that an error names. */
const TOKEN = /(?<word>[A-Za-z]\w*)|(?<name>#\w+)|(?<value>:\w+)|(?<number>\d+)|<>|<=|>=|_+|[\s\S]/uy;
const END = '<EOF>';
/** Parentheses deeper than the operators that an expression may have are not all needed. */
const DEPTH_MAX = 320;

/** Reads the tokens of an expression one by one, knowing the one before and the one after. */
export class TokenReader {
  readonly kind: ExpressionKind;
  /** Functions, comparators, logical and arithmetic operators so far. */
  operators = 0;
  #depth = 0;
  readonly #text: string;
  #previous: Token | undefined;
  #current: Token;
  #following: Token | undefined;

  constructor(kind: ExpressionKind, text: string) {
    this.kind = kind;
    this.#text = text;
    this.#current = this.#scan(0);
  }

  get current(): Token {
    return this.#current;
  }

  get following(): Token {
    this.#following ??= this.#scan(this.#current.to);
    return this.#following;
  }

  /** Where the token that was taken last ends. */
  get takenTo(): number {
    return this.#previous?.to ?? 0;
  }

  /** The current token, which is behind then. */
  take(): Token {
    const token = this.#current;
    this.#current = this.following;
    this.#following = undefined;
    this.#previous = token;
    return token;
  }

  atSign(sign: string): boolean {
    return this.#current.kind === 'sign' && this.#current.text === sign;
  }

  /** Whether the current token is this word, which is given in upper case. */
  atWord(word: string): boolean {
    const { kind, text } = this.#current;
    return kind === 'word' && text.length === word.length && text.toUpperCase() === word;
  }

  /** Takes the sign or the word if it is there. */
  takeIf(text: string): boolean {
    const found = this.atSign(text) || this.atWord(text);
    if (found) this.take();
    return found;
  }

  /** @throws InvalidInput when another token is there */
  expectSign(sign: string): void {
    if (!this.takeIf(sign)) throw this.syntaxError();
  }

  /** What `inner` reads between parentheses. */
  between<T>(inner: () => T): T {
    this.expectSign('(');
    if (++this.#depth > DEPTH_MAX) throw this.invalid('The expression has redundant parentheses;');
    const result = inner();
    this.#depth--;
    this.expectSign(')');
    return result;
  }

  /** One or more, with commas between. */
  list<T>(each: () => T): T[] {
    const members = [each()];
    while (this.takeIf(',')) members.push(each());
    return members;
  }

  /** @throws InvalidInput when something is left */
  expectEnd(): void {
    if (this.#current.kind !== 'end') throw this.syntaxError();
  }

  /** The current token is not what could stand there. */
  syntaxError(): InvalidInput {
    const from = (this.#previous ?? this.#current).from;
    const near = this.#text.slice(from, this.following.to).trimEnd();
    return this.invalid(`Syntax error; token: "${this.#current.text}", near: "${near}"`);
  }

  invalid(story: string): InvalidInput {
    return new InvalidInput(`Invalid ${this.kind}: ${story}`);
  }

  #scan(from: number): Token {
    SPACE.lastIndex = from;
    SPACE.exec(this.#text);
    const start = SPACE.lastIndex;
    TOKEN.lastIndex = start;
    const match = TOKEN.exec(this.#text);
    if (match === null) return { kind: 'end', text: END, from: start, to: start };
    const { word, name, value, number } = match.groups!;
    const kind = word ? 'word' : name ? 'name' : value ? 'value' : number ? 'number' : 'sign';
    return { kind, text: match[0], from: start, to: TOKEN.lastIndex };
  }
}
