/**
 * JSON that is text already and goes into an answer as it is, without being parsed: what a store keeps as text.
 *
 * `JSON.stringify` writes a mark in its place, which no other value can come out as, and the text is put there afterwards.
 */

/** JSON text that an output has for a member whose shape is kept raw (`document`), or for a list or map of such. */
export class RawJson {
  readonly text: string;

  /** @param text valid JSON; nobody checks it again */
  constructor(text: string) {
    this.text = text;
  }
}

// TypeScript's library does not know it yet (ECMAScript proposal "JSON.parse source text access", in V8 since 11.4).
const { rawJSON } = JSON as unknown as { rawJSON(text: string): object };

// A slash may be escaped in JSON, and `JSON.stringify` never does that: within a text a backslash would come as two.
const MARK = /"\\\/(\d+)"/g;

/** Texts that wait for their places. */
export class RawTexts {
  #texts: string[] = [];

  /** What `JSON.stringify` is to be given for the text. */
  mark({ text }: RawJson): object {
    return rawJSON(`"\\/${this.#texts.push(text) - 1}"`);
  }

  /** `JSON.stringify`, with the texts in the places of their marks; they are forgotten. */
  stringify(value: unknown): string {
    const json = JSON.stringify(value);
    if (this.#texts.length === 0) return json;
    const texts = this.#texts;
    this.#texts = [];
    return json.replace(MARK, (_, index: string) => texts[Number(index)]!);
  }
}
