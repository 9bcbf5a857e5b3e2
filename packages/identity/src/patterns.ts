/**
 * Wildcard patterns: `*` for any run of characters, `?` for exactly one. A pattern is a list of tokens, so that a
 * literal star (written `${*}`, or coming out of a variable) is never mistaken for a wildcard. Matching builds no regular
 * expression, allocates nothing, and takes at most pattern length times text length steps, whatever the pattern.
 */

/** UTF-16 code units, with `ANY` and `ONE` standing for the wildcards. */
export type Tokens = readonly number[];

/** `*`: any run of characters, also none. */
export const ANY = -1;
/** `?`: exactly one character. */
export const ONE = -2;

export type TextTest = (text: string) => boolean;

const STAR = '*'.charCodeAt(0);
const QUESTION = '?'.charCodeAt(0);
const COLON = ':'.charCodeAt(0);

/** Appends `text` to `tokens`, reading `*` and `?` as wildcards. */
export function pushPattern(tokens: number[], text: string): void {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    tokens.push(unit === STAR ? ANY : unit === QUESTION ? ONE : unit);
  }
}

/** Appends `text` to `tokens` as it stands. */
export function pushLiteral(tokens: number[], text: string): void {
  for (let i = 0; i < text.length; i++) tokens.push(text.charCodeAt(i));
}

export function patternTokens(text: string): Tokens {
  const tokens: number[] = [];
  pushPattern(tokens, text);
  return tokens;
}

/** Tokens without wildcards as the text they stand for. */
function textOf(tokens: Tokens): string {
  let text = '';
  for (const unit of tokens) text += String.fromCharCode(unit);
  return text;
}

/** A test for `tokens`, specialised for the common shapes: no wildcard, everything, one star at the end. */
export function compilePattern(tokens: Tokens): TextTest {
  if (tokens.length === 1 && tokens[0] === ANY) return () => true;
  if (tokens.every(token => token >= 0)) {
    const exact = textOf(tokens);
    return text => text === exact;
  }
  const test = compileTail(tokens);
  return text => test(text, 0);
}

/**
 * Whether `text` between `from` and `to` matches. When a character does not fit, only the last star seen can be
 * stretched: an earlier one never needs to move again, which keeps this from exploding the way backtracking does.
 */
export function matchesRange(tokens: Tokens, text: string, from: number, to: number): boolean {
  let at = from;
  let next = 0;
  let starToken = -1;
  let starAt = from;
  while (at < to) {
    const token = next < tokens.length ? tokens[next] : undefined;
    if (token === ANY) {
      starToken = next++;
      starAt = at;
    } else if (token !== undefined && (token === ONE || token === text.charCodeAt(at))) {
      at++;
      next++;
    } else if (starToken >= 0) {
      next = starToken + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (next < tokens.length && tokens[next] === ANY) next++;
  return next === tokens.length;
}

/** An ARN has six fields and five colons before the last one, which keeps its own colons. */
const ARN_COLONS = 5;

/**
 * A test for ARNs, field by field. A pattern with fewer than six fields (such as `*`, or `arn:aws:s3*`) is matched as
 * plain text, as IAM does.
 */
export function compileArnPattern(tokens: Tokens): TextTest {
  const fields = splitFields(tokens);
  if (fields === undefined) return compilePattern(tokens);
  const resource = compileTail(fields[ARN_COLONS]!);
  const head = fields.slice(0, ARN_COLONS);
  if (head.every(field => field.every(token => token >= 0))) {
    // The usual case: wildcards only in the resource. One comparison settles the first five fields.
    const prefix = `${head.map(textOf).join(':')}:`;
    return text => text.startsWith(prefix) && resource(text, prefix.length);
  }
  const tests = head.flatMap((field, index) => compileField(field, index));
  return text => {
    const colons = colonsOf(text);
    // The resource tells ARNs apart best.
    if (colons === undefined || !resource(text, colons[ARN_COLONS - 1]! + 1)) return false;
    for (const test of tests) if (!test(text, colons)) return false;
    return true;
  };
}

/** A test for what follows `from`. */
function compileTail(tokens: Tokens): (text: string, from: number) => boolean {
  const firstWild = tokens.findIndex(token => token < 0);
  if (firstWild < 0) {
    const exact = textOf(tokens);
    return (text, from) => text.length - from === exact.length && text.startsWith(exact, from);
  }
  const start = textOf(tokens.slice(0, firstWild));
  const rest = tokens.slice(firstWild);
  if (rest.length === 1 && rest[0] === ANY) return (text, from) => text.startsWith(start, from);
  // What differs often differs in its last character already.
  const last = rest.at(-1)!;
  return (text, from) =>
    (last < 0 || text.charCodeAt(text.length - 1) === last) &&
    text.startsWith(start, from) &&
    matchesRange(rest, text, from + start.length, text.length);
}

type FieldTest = (text: string, colons: readonly number[]) => boolean;

/** The test of one field before the resource; none for a lone star. */
function compileField(tokens: Tokens, index: number): readonly FieldTest[] {
  if (tokens.length === 1 && tokens[0] === ANY) return [];
  const from = (colons: readonly number[]) => (index === 0 ? 0 : colons[index - 1]! + 1);
  if (tokens.some(token => token < 0))
    return [(text, colons) => matchesRange(tokens, text, from(colons), colons[index]!)];
  const exact = textOf(tokens);
  return [(text, colons) => colons[index]! - from(colons) === exact.length && text.startsWith(exact, from(colons))];
}

/** All patterns of one evaluation look at the same ARN: its colons are found once. */
let lastText = '';
let lastColons: readonly number[] | undefined;

function colonsOf(text: string): readonly number[] | undefined {
  if (text !== lastText) {
    lastColons = findColons(text);
    lastText = text;
  }
  return lastColons;
}

/** Where the first five colons are; undefined when there are fewer. */
function findColons(text: string): readonly number[] | undefined {
  const colons: number[] = [];
  for (let at = -1; colons.length < ARN_COLONS; colons.push(at)) {
    at = text.indexOf(':', at + 1);
    if (at < 0) return undefined;
  }
  return colons;
}

function splitFields(tokens: Tokens): Tokens[] | undefined {
  const fields: Tokens[] = [];
  let from = 0;
  while (fields.length < ARN_COLONS) {
    const colon = tokens.indexOf(COLON, from);
    if (colon < 0) return undefined;
    fields.push(tokens.slice(from, colon));
    from = colon + 1;
  }
  fields.push(tokens.slice(from));
  return fields;
}
