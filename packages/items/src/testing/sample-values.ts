/** One value of each type, as placeholders that tests of messages share. */
import type { AttributeValue, TypeName } from '../values/attribute-value.ts';

export const SAMPLES: { readonly [T in TypeName]: AttributeValue } = {
  S: { S: 'a' },
  N: { N: '1' },
  B: { B: 'YQ==' },
  BOOL: { BOOL: true },
  NULL: { NULL: true },
  M: { M: {} },
  L: { L: [] },
  SS: { SS: ['a'] },
  NS: { NS: ['1'] },
  BS: { BS: ['YQ=='] },
};

export const TYPES = Object.keys(SAMPLES) as readonly TypeName[];

/** `:S`, `:N`, ... are the samples; `:s2` and `:n2` come after them in their order. */
export const VALUES: Readonly<Record<string, AttributeValue>> = {
  ...Object.fromEntries(TYPES.map(type => [`:${type}`, SAMPLES[type]])),
  ':s2': { S: 'b' },
  ':n2': { N: '2' },
  ':type': { S: 'SS' },
  ':notType': { S: 'STRING' },
};

export const NAMES: Readonly<Record<string, string>> = { '#a': 'a', '#b': 'b', '#c': 'c', '#3': '[3]', '#dot': 'x.y' };

/** The types except these. */
export const except = (...types: readonly TypeName[]): readonly TypeName[] =>
  TYPES.filter(type => !types.includes(type));
