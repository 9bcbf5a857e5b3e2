/**
 * Compiled policies of users, roles and managed policies, remembered by the records they came from. Records never
 * change, so that a remembered policy is right for as long as its record exists, and is forgotten with it.
 */
import { type CompiledPolicy, compilePolicyText } from '../policy-compiler.ts';
import type { PolicyUse } from '../policy-document.ts';
import { awsManagedPolicy } from './aws-managed-policies.ts';
import { policyByArn } from './policy-lookup.ts';
import {
  defaultVersion,
  type EntityRecord,
  type IdentityRecord,
  type PolicyHolder,
  type RoleRecord,
} from './records.ts';
import { type IamTables, keyOf } from './tables.ts';
import { compileTrustPolicy } from './trust-policy.ts';

/** What bears on a user or role by itself, its groups included. */
export interface EntityPolicies {
  readonly identity: readonly CompiledPolicy[];
  readonly boundary: CompiledPolicy | undefined;
}

interface Remembered {
  /** Managed policies and groups may change while the entity's own record does not. */
  readonly generation: number;
  readonly policies: EntityPolicies;
}

export class CompiledPolicies {
  readonly #tables: IamTables;
  readonly #byHolder = new WeakMap<PolicyHolder, CompiledPolicy>();
  readonly #byEntity = new WeakMap<EntityRecord, Remembered>();

  constructor(tables: IamTables) {
    this.#tables = tables;
  }

  of(entity: EntityRecord): EntityPolicies {
    const generation = this.#tables.policyGeneration;
    const remembered = this.#byEntity.get(entity);
    if (remembered?.generation === generation) return remembered.policies;
    const gathered = this.#gather(entity);
    // The same policies stay the same array, by which the evaluator knows its index of them.
    const policies = remembered && samePolicies(remembered.policies, gathered) ? remembered.policies : gathered;
    this.#byEntity.set(entity, { generation, policies });
    return policies;
  }

  trust(role: RoleRecord): CompiledPolicy {
    let policy = this.#byHolder.get(role.trustPolicy);
    if (policy === undefined) this.#byHolder.set(role.trustPolicy, (policy = compileTrustPolicy(role.trustPolicy)));
    return policy;
  }

  /** A managed policy in its default version; undefined when there is none with this ARN. */
  managed(arn: string): CompiledPolicy | undefined {
    const byAws = awsManagedPolicy(this.#tables.partition, arn);
    if (byAws !== undefined) return this.#compiled(byAws, 'managed');
    const policy = policyByArn(this.#tables, arn);
    return policy && this.#compiled(defaultVersion(policy), 'managed');
  }

  #gather(entity: EntityRecord): EntityPolicies {
    const identity = this.#own(entity);
    for (const name of entity.kind === 'user' ? entity.groups : []) {
      const group = this.#tables.groups.get(keyOf(entity.accountId, name));
      if (group !== undefined) identity.push(...this.#own(group));
    }
    const boundary = entity.permissionsBoundary;
    return { identity, boundary: boundary === undefined ? undefined : this.managed(boundary) };
  }

  #own({ inlinePolicies, attachedPolicies }: IdentityRecord): CompiledPolicy[] {
    const policies = inlinePolicies.map(policy => this.#compiled(policy, 'inline'));
    for (const arn of attachedPolicies) {
      const policy = this.managed(arn);
      if (policy !== undefined) policies.push(policy);
    }
    return policies;
  }

  #compiled(holder: PolicyHolder, use: PolicyUse): CompiledPolicy {
    let policy = this.#byHolder.get(holder);
    if (policy === undefined) this.#byHolder.set(holder, (policy = compilePolicyText(holder.document, use)));
    return policy;
  }
}

const samePolicies = (a: EntityPolicies, b: EntityPolicies): boolean =>
  a.boundary === b.boundary &&
  a.identity.length === b.identity.length &&
  a.identity.every((policy, i) => policy === b.identity[i]);
