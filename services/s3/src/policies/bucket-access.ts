/**
 * What a bucket's policy, its access control list, its ownership and its block of public access say together: one resource
 * policy for each kind of caller, compiled once for each state of the bucket.
 */
import { CompiledPolicy, compilePolicy, hasAccount, type Principal, parsePolicy } from '@stormglass/identity';
import type { Bucket, ObjectVersion } from '@stormglass/object-index';
import type { ObjectReplica, S3Deps } from '../deps.ts';
import type { Acl } from './acl.ts';
import { compileAcl } from './acl-statements.ts';
import { aclsCount, publicAccessBlock } from './bucket-settings.ts';
import { isPublicPolicy } from './public-policy.ts';

export interface BucketAccess {
  readonly generation: number;
  /** What counts for callers of the bucket's own account. */
  readonly forOwners: CompiledPolicy;
  /** What counts for everybody else. */
  readonly forOthers: CompiledPolicy;
  /** Undefined where lists do not count. */
  readonly objectAcls: ObjectAcls | undefined;
}

/** The lists of objects, as they count in one bucket. */
class ObjectAcls {
  readonly #ignoresPublic: boolean;
  readonly #compiled = new Map<string, CompiledPolicy>();

  constructor(ignoresPublic: boolean) {
    this.#ignoresPublic = ignoresPublic;
  }

  compiled(acl: Acl): CompiledPolicy {
    const text = JSON.stringify(acl);
    let compiled = this.#compiled.get(text);
    if (compiled === undefined) {
      if (this.#compiled.size >= OBJECT_ACLS_MAX) this.#compiled.clear();
      this.#compiled.set(text, (compiled = compileAcl(acl, 'object', this.#ignoresPublic)));
    }
    return compiled;
  }
}

/** Lists that stay compiled, in a bucket; most objects of a bucket share a few. */
const OBJECT_ACLS_MAX = 64;
/** Buckets whose access stays compiled, in a zone. */
const BUCKETS_MAX = 4096;

const known = new WeakMap<ObjectReplica, Map<string, BucketAccess>>();

/** What the settings of the bucket come to, as they are now. */
export function accessOf({ index }: Pick<S3Deps, 'index'>, bucket: Bucket): BucketAccess {
  let buckets = known.get(index);
  if (buckets === undefined) known.set(index, (buckets = new Map()));
  const found = buckets.get(bucket.name);
  if (found?.generation === bucket.generation) return found;
  if (buckets.size >= BUCKETS_MAX) buckets.clear();
  const access = compileAccess(bucket);
  buckets.set(bucket.name, access);
  return access;
}

/** The resource policy that counts for `principal`, about `version` of an object where one is given. */
export function policyFor(
  deps: Pick<S3Deps, 'index'>,
  bucket: Bucket,
  principal: Principal,
  version?: ObjectVersion,
): CompiledPolicy {
  const access = accessOf(deps, bucket);
  const isOwners = hasAccount(principal) && principal.accountId === bucket.account;
  const ofBucket = isOwners ? access.forOwners : access.forOthers;
  if (access.objectAcls === undefined || version?.acl === undefined) return ofBucket;
  return together([ofBucket, access.objectAcls.compiled(version.acl as unknown as Acl)]);
}

function compileAccess(bucket: Bucket): BucketAccess {
  const { generation, config } = bucket;
  const { IgnorePublicAcls, RestrictPublicBuckets } = publicAccessBlock(bucket);
  const document = config.policy === undefined ? undefined : parsePolicy(config.policy as string, 'resource');
  const policy = document === undefined ? new CompiledPolicy([]) : compilePolicy(document);
  const listed = aclsCount(bucket) && config.acl !== undefined;
  const acl = listed ? compileAcl(config.acl as unknown as Acl, 'bucket', IgnorePublicAcls) : new CompiledPolicy([]);
  const isRestricted = RestrictPublicBuckets && document !== undefined && isPublicPolicy(document);
  const denials = new CompiledPolicy(policy.statements.filter(({ deny }) => deny));
  const forOwners = together([policy, acl]);
  return {
    generation,
    forOwners,
    forOthers: isRestricted ? together([denials, acl]) : forOwners,
    objectAcls: aclsCount(bucket) ? new ObjectAcls(IgnorePublicAcls) : undefined,
  };
}

const together = (policies: readonly CompiledPolicy[]): CompiledPolicy => {
  const [only, ...others] = policies.filter(({ statements }) => statements.length > 0);
  if (only !== undefined && others.length === 0) return only;
  return new CompiledPolicy(policies.flatMap(({ statements }) => statements));
};
