/**
 * TypeScript with its comments, or its comments and literals, replaced by blanks of the same length, so that rules can
 * look for words in code and name the line they stand on. A scanner, not a parser: enough for source that compiles.
 */

export interface MaskedSource {
  /** Code alone: comments and the contents of strings, templates and regular expressions are blank. */
  readonly code: string;
  /** Code and literals: only comments are blank. */
  readonly uncommented: string;
}

/** Literals and comments in the order in which they are tried where something begins. */
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const STRING = /'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"/y;
const REGEXP = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const TEMPLATE_TEXT = /(?:\\[\s\S]|\$(?!\{)|[^\\`$])*/y;

/** A slash begins a regular expression after these, and divides after anything else. */
const BEFORE_REGEXP = /(?:^|[=([{,;:!&|?+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|await|yield))$/;

export function mask(text: string): MaskedSource {
  const scan = new Scan(text);
  scan.run();
  return { code: scan.blanked('all'), uncommented: scan.blanked('comments') };
}

class Scan {
  readonly #text: string;
  readonly #spans: { from: number; to: number; comment: boolean }[] = [];
  #at = 0;
  /** Open braces inside each template expression that is being read. */
  readonly #braces: number[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    while (this.#at < this.#text.length) {
      if (this.#take(COMMENT, true) || this.#take(STRING, false)) continue;
      const char = this.#text[this.#at]!;
      if (char === '/' && this.#regexpMayBegin() && this.#take(REGEXP, false)) continue;
      this.#at++;
      if (char === '`') this.#template();
      else if (char === '{' && this.#braces.length > 0) this.#braces[this.#braces.length - 1]!++;
      else if (char === '}' && this.#braces.length > 0) this.#closeBrace();
    }
  }

  blanked(what: 'all' | 'comments'): string {
    const parts: string[] = [];
    let done = 0;
    for (const { from, to, comment } of this.#spans) {
      if (what === 'comments' && !comment) continue;
      parts.push(this.#text.slice(done, from), this.#text.slice(from, to).replaceAll(/[^\n]/g, ' '));
      done = to;
    }
    return parts.join('') + this.#text.slice(done);
  }

  #take(pattern: RegExp, comment: boolean): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null || found[0] === '') return false;
    this.#spans.push({ from: this.#at, to: this.#at + found[0].length, comment });
    this.#at += found[0].length;
    return true;
  }

  /** Reads a template's text up to its end, or up to an expression, which is code again. */
  #template(): void {
    this.#take(TEMPLATE_TEXT, false);
    if (this.#text[this.#at] === '`') this.#at++;
    else if (this.#at < this.#text.length) {
      this.#at += 2;
      this.#braces.push(0);
    }
  }

  #closeBrace(): void {
    const last = this.#braces.length - 1;
    if (this.#braces[last]! > 0) this.#braces[last]!--;
    else {
      this.#braces.pop();
      this.#template();
    }
  }

  #regexpMayBegin(): boolean {
    let end = this.#at;
    for (;;) {
      while (end > 0 && /\s/.test(this.#text[end - 1]!)) end--;
      const comment = this.#spans.findLast(span => span.comment && span.to === end);
      if (comment === undefined) break;
      end = comment.from;
    }
    return BEFORE_REGEXP.test(this.#text.slice(Math.max(0, end - 10), end));
  }
}
