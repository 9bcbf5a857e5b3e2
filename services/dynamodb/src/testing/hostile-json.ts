/** Bodies one or a few steps away from good ones: each step is a way in which a client or an attacker spoils JSON. */
import { pick, type Random, randomInt } from '@stormglass/base';
import { mutatedText } from '@stormglass/testing';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const deep = (levels: number, around: (inner: Json) => Json): Json => {
  let value: Json = { S: 'a' };
  for (let i = 0; i < levels; i++) value = around(value);
  return value;
};

/** Values that stand where others are expected. */
const VALUES: readonly ((random: Random) => Json)[] = [
  ...[null, true, false, 0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, '', ' ', '\u0000', '\ud800', '%', '../x'].map(
    value => () => value,
  ),
  ...[{}, [], [null], [[]], { S: 1 }, { N: 'x' }, { N: '1e999999999' }, { N: '-0' }, { B: '===' }, { L: {} }].map(
    value => () => value as Json,
  ),
  ...[{ S: 'a', N: '1' }, { NULL: 'yes' }, { SS: [] }, { NS: ['1', '1.0'] }, { BS: ['AA=='] }, { M: { '': {} } }].map(
    value => () => value as Json,
  ),
  random => 'x'.repeat(pick(random, [255, 256, 1025, 2049, 4097, 70_000])),
  random => ({ S: 'x'.repeat(pick(random, [1024, 2048, 409_600, 1_000_000])) }),
  random => ({ N: '9'.repeat(pick(random, [38, 39, 200, 100_000])) }),
  random => deep(pick(random, [31, 32, 60]), inner => ({ L: [inner] })),
  random => deep(pick(random, [31, 32, 60]), inner => ({ M: { a: inner } })),
  random => Array.from({ length: pick(random, [26, 101, 5000]) }, (_, n) => ({ S: `${n}` })),
  random => Object.fromEntries(Array.from({ length: pick(random, [30, 3000]) }, (_, n) => [`a${n}`, { N: `${n}` }])),
  random => ({ NS: Array.from({ length: pick(random, [10, 20_000]) }, (_, n) => `${n}.5`) }),
];

/** Expressions that are long, deep, or nearly right. */
const EXPRESSIONS: readonly ((random: Random) => string)[] = [
  random => `${'('.repeat(pick(random, [2, 300, 2000]))}a = :v${')'.repeat(2000)}`,
  random => `${'NOT '.repeat(pick(random, [3, 400, 1000]))}a = :v`,
  random => Array.from({ length: pick(random, [3, 301, 500]) }, () => 'a = :v').join(' OR '),
  random => `SET ${Array.from({ length: pick(random, [3, 301]) }, (_, n) => `a${n} = :v`).join(', ')}`,
  random => `SET a = ${'if_not_exists(a, '.repeat(pick(random, [2, 300]))}:v${')'.repeat(300)}`,
  random => `a${'[0]'.repeat(pick(random, [2, 33, 900]))}`,
  random => `a${'.b'.repeat(pick(random, [2, 33, 1500]))}`,
  random => `a IN (${Array.from({ length: pick(random, [2, 101, 600]) }, () => ':v').join(', ')})`,
  () => 'a[99999999999999999999] = :v',
  () => '#constructor = :__proto__',
  () => 'SELECT * FROM "fuzz" WHERE "id" IN [',
  random => `SELECT ${'('.repeat(pick(random, [3, 3000]))} FROM fuzz`,
];
const NAMES = ['__proto__', 'constructor', 'toString', '', '#a', ':v', 'S', 'x'.repeat(300), 'größe', '\u0000'];
const FRAGMENTS = [
  ...['{', '}', '[', ']', ',', ':', '"', '\\', '\\u', '\\ud800', 'null', 'true', '-', '1e400', '-0', '01', '1e-400'],
  ...['9'.repeat(400), '"S":', '"__proto__":', '{"S":"a"}', '[[[[', '/*', '\u0000', '\u2028', 'NaN', '{"a":1,"a":2},'],
];

/** The body, spoiled, as it goes over the wire. */
export function spoiled(body: object, random: Random): Buffer {
  let value = structuredClone(body) as Json;
  for (let steps = 1 + randomInt(random, 3); steps > 0; steps--) value = changed(value, random, 0);
  let text = JSON.stringify(value);
  switch (randomInt(random, 20)) {
    case 0:
      text = mutatedText(random, text, FRAGMENTS);
      break;
    case 1:
      // A member is there twice, the second time as something else.
      text = text.replace(/("\w+":)/, `$1${JSON.stringify(pick(random, VALUES)(random))},$1`);
      break;
    case 2:
      text = text.replace(/"\w+"(?=:)/, () => JSON.stringify(pick(random, NAMES)));
      break;
    case 3: {
      const levels = pick(random, [30, 199, 200, 5000]);
      text = text.replace(/\{"S":"[^"]*"\}/, `${'{"L":['.repeat(levels)}{"S":"a"}${']}'.repeat(levels)}`);
      break;
    }
  }
  const bytes = Buffer.from(text);
  if (bytes.length > 0 && randomInt(random, 20) === 0)
    for (let n = 1 + randomInt(random, 4); n > 0; n--) bytes[randomInt(random, bytes.length)] = randomInt(random, 256);
  return bytes;
}

/** Another value somewhere in it, a member less, more, or with another name. */
function changed(value: Json, random: Random, level: number): Json {
  const isInside = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (!isInside || randomInt(random, level === 0 ? 60 : 8) === 0) return replacement(value, random);
  const name = pick(random, Object.keys(value));
  if (Array.isArray(value)) {
    const index = Number(name);
    const inner = changed(value[index]!, random, level + 1);
    return pick(random, [value.with(index, inner), [...value, ...value], value.toSpliced(index, 1)]);
  }
  const { [name]: inner, ...rest } = value;
  switch (randomInt(random, level === 0 ? 24 : 8)) {
    case 0:
      return rest;
    case 1:
      return { ...rest, [pick(random, NAMES)]: inner! };
    case 2:
      return { ...value, [pick(random, NAMES)]: pick(random, VALUES)(random) };
    default:
      return { ...rest, [name]: changed(inner!, random, level + 1) };
  }
}

const replacement = (value: Json, random: Random): Json =>
  typeof value === 'string' && randomInt(random, 2) === 0
    ? pick(random, [pick(random, EXPRESSIONS)(random), mutatedText(random, value, FRAGMENTS)])
    : pick(random, VALUES)(random);
