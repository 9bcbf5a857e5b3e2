/**
 * How a text begins, as numbers: one for each length. A hundred patterns then ask whether a resource begins as they do by
 * comparing one number each. Equal numbers do not prove equal text; whoever finds them looks closer.
 */

/** Longer beginnings are known by this much of them. */
const LENGTH_MAX = 256;

const step = (hash: number, unit: number): number => (Math.imul(hash, 31) + unit) | 0;

/** One beginning that a pattern asks for. */
export interface TextStart {
  readonly length: number;
  readonly hash: number;
}

export function textStart(start: string): TextStart {
  const length = Math.min(start.length, LENGTH_MAX);
  let hash = 0;
  for (let i = 0; i < length; i++) hash = step(hash, start.charCodeAt(i));
  return { length, hash };
}

/** The numbers of the text asked about last: all statements of an evaluation ask about one resource. */
const hashes = new Int32Array(LENGTH_MAX + 1);
let lastText = '';

/** The number of each beginning of `text`, by length; good until the next call, up to the length of `text`. */
export function startHashes(text: string): Int32Array {
  if (text === lastText) return hashes;
  lastText = text;
  const length = Math.min(text.length, LENGTH_MAX);
  let hash = 0;
  for (let i = 0; i < length; i++) hashes[i + 1] = hash = step(hash, text.charCodeAt(i));
  return hashes;
}

/** Whether `text` may begin with `start`; false is certain. */
export const maySoBegin = (text: string, start: TextStart): boolean =>
  start.length <= text.length && startHashes(text)[start.length] === start.hash;
