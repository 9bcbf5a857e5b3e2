/** What a caller of AssumeRole may ask for, apart from policies: how long, with which tags, in whose name. */
import type { AssumeRoleRequest } from '@aws-sdk/client-sts';
import type { AccountPrincipal, RoleRecord, Tag } from '@stormglass/identity';
import { invalidParameter, validationError } from './errors.ts';

export type AssumeRoleInput = Omit<AssumeRoleRequest, 'RoleArn' | 'RoleSessionName'> & {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
};

const SECONDS_DEFAULT = 3600;
const CHAINED_SECONDS_MAX = 3600;

/** @throws AwsError when the role, or role chaining, does not allow sessions that long */
export function sessionSeconds(asked: number | undefined, role: RoleRecord, caller: AccountPrincipal): number {
  const seconds = asked ?? SECONDS_DEFAULT;
  if (seconds > role.maxSessionDurationSeconds)
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  if (caller.kind === 'assumed-role' && seconds > CHAINED_SECONDS_MAX)
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  return seconds;
}

export interface SessionTags {
  /** What the caller passes. */
  readonly passed: readonly Tag[];
  /** All tags of the session: passed, and inherited from the session of the caller. */
  readonly all: readonly Tag[];
  readonly transitiveKeys: readonly string[];
}

/** @throws AwsError */
export function sessionTags(input: AssumeRoleInput, caller: AccountPrincipal): SessionTags {
  const passed = (input.Tags ?? []).map(({ Key = '', Value = '' }) => ({ key: Key, value: Value }));
  const keys = new Set(passed.map(tag => tag.key.toLowerCase()));
  if (keys.size < passed.length)
    throw invalidParameter('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  const transitive = input.TransitiveTagKeys ?? [];
  if (transitive.some(key => !keys.has(key.toLowerCase())))
    throw invalidParameter('The specified transitive tag key must be included in the requested tags.');
  const inherited = inheritedTags(caller);
  if (inherited.some(tag => keys.has(tag.key.toLowerCase())))
    throw invalidParameter(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  const transitiveKeys = [...transitive, ...inherited.map(tag => tag.key)];
  return { passed, all: [...passed, ...inherited], transitiveKeys };
}

function inheritedTags(caller: AccountPrincipal): readonly Tag[] {
  if (caller.kind !== 'assumed-role') return [];
  const keys = new Set(caller.transitiveTagKeys.map(key => key.toLowerCase()));
  return caller.tags.filter(tag => keys.has(tag.key.toLowerCase()));
}

/** A source identity stays with a chain of sessions from its first to its last. */
export const sourceIdentityOf = (input: AssumeRoleInput, caller: AccountPrincipal): string | undefined =>
  caller.session?.sourceIdentity ?? input.SourceIdentity;
