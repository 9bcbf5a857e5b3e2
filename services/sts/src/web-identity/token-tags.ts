/**
 * Session tags in web identity tokens, nested or, for providers that cannot nest, flat ("Passing session tags using
 * AssumeRoleWithWebIdentity" of the IAM User Guide).
 */
import type { Tag } from '@stormglass/identity';
import { invalidIdentityToken } from '../errors.ts';
import { isObject } from './json-web-token.ts';

export interface TokenTags {
  readonly tags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
}

const CLAIM = 'https://aws.amazon.com/tags';
const FLAT_TAG = `${CLAIM}/principal_tags/`;
const FLAT_TRANSITIVE = `${CLAIM}/transitive_tag_keys`;

/** The limits of `Tags` and of its members. */
const TAGS_MAX = 50;
const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** @throws AwsError when they are not as AWS reads them */
export function tagsIn(claims: Readonly<Record<string, unknown>>): TokenTags {
  const nested = claims[CLAIM];
  if (nested !== undefined && !isObject(nested)) throw invalid(CLAIM);
  const principal = nested?.principal_tags ?? {};
  if (!isObject(principal)) throw invalid(CLAIM);
  const pairs = Object.entries(principal);
  for (const [name, value] of Object.entries(claims)) {
    if (name.startsWith(FLAT_TAG)) pairs.push([name.slice(FLAT_TAG.length), value]);
  }
  if (pairs.length > TAGS_MAX) throw invalid(CLAIM);
  const transitive: unknown = nested?.transitive_tag_keys ?? claims[FLAT_TRANSITIVE] ?? [];
  const keys: readonly unknown[] = Array.isArray(transitive) ? transitive : [transitive];
  return { tags: pairs.map(tagOf), transitiveTagKeys: keys.map(key => textIn(key, KEY)) };
}

/** A value stands alone, or in a list of one. */
function tagOf([key, value]: readonly [string, unknown]): Tag {
  const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return { key: textIn(key, KEY), value: textIn(only, VALUE) };
}

function textIn(value: unknown, pattern: RegExp): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw invalid(CLAIM);
  return value;
}

const invalid = (claim: string) => invalidIdentityToken(`Invalid claim: ${claim}`);
