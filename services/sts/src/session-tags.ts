/** Session tags: those a caller passes, and those its own session hands on. */
import type { Tag as WireTag } from '@aws-sdk/client-sts';
import type { AccountPrincipal, Tag } from '@stormglass/identity';
import { invalidParameter } from './errors.ts';

export interface SessionTags {
  /** What the caller passes. */
  readonly passed: readonly Tag[];
  /** All tags of the session: passed, and inherited from the session of the caller. */
  readonly all: readonly Tag[];
  readonly transitiveKeys: readonly string[];
}

/**
 * @param caller undefined where nobody has a session to inherit from
 * @throws AwsError unless keys differ, and transitive ones are among them or inherited
 */
export function sessionTags(
  passed: readonly Tag[],
  transitive: readonly string[],
  caller: AccountPrincipal | undefined,
): SessionTags {
  const keys = new Set(passed.map(tag => tag.key.toLowerCase()));
  if (keys.size < passed.length)
    throw invalidParameter('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  const reserved = passed.find(tag => /^aws:/i.test(tag.key));
  if (reserved !== undefined) throw invalidParameter(`Tag keys cannot begin with aws: (${reserved.key})`);
  if (transitive.some(key => !keys.has(key.toLowerCase())))
    throw invalidParameter('The specified transitive tag key must be included in the requested tags.');
  const inherited = inheritedTags(caller);
  if (inherited.some(tag => keys.has(tag.key.toLowerCase())))
    throw invalidParameter(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  return {
    passed,
    all: [...passed, ...inherited],
    transitiveKeys: [...transitive, ...inherited.map(tag => tag.key)],
  };
}

/** Tags as clients write them. */
export const readTags = (tags: readonly WireTag[] = []): readonly Tag[] =>
  tags.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value }));

function inheritedTags(caller: AccountPrincipal | undefined): readonly Tag[] {
  if (caller?.kind !== 'assumed-role') return [];
  const keys = new Set(caller.transitiveTagKeys.map(key => key.toLowerCase()));
  return caller.tags.filter(tag => keys.has(tag.key.toLowerCase()));
}

/** Condition keys of tags that are passed. */
export function tagKeys(passed: readonly Tag[]): Record<string, string | readonly string[] | undefined> {
  const keys: Record<string, string | readonly string[] | undefined> = {
    'aws:TagKeys': passed.length === 0 ? undefined : passed.map(tag => tag.key),
  };
  for (const { key, value } of passed) keys[`aws:RequestTag/${key}`] = value;
  return keys;
}
