/** Policies that live inside a user, group or role. */
import { parsePolicy, policySize } from '../policy-document.ts';
import type { DeleteInlinePolicy, PutInlinePolicy } from './commands.ts';
import { modifiableIdentity } from './entities.ts';
import { QUOTAS } from './quotas.ts';
import type { IdentityKind, IdentityRecord, InlinePolicy } from './records.ts';
import { DONE, type IamResult, refuse } from './result.ts';
import type { IamTables } from './tables.ts';

export const applyInlinePolicies = { PutInlinePolicy: putInlinePolicy, DeleteInlinePolicy: deleteInlinePolicy };

function putInlinePolicy(tables: IamTables, command: PutInlinePolicy): IamResult<'PutInlinePolicy'> {
  const entity = modifiableIdentity(tables, command.accountId, command.entity);
  parsePolicy(command.document, 'inline');
  const policy: InlinePolicy = { name: command.policyName, document: command.document };
  const others = entity.inlinePolicies.filter(other => other.name !== policy.name);
  const inlinePolicies = [...others, policy].sort((a, b) => (a.name < b.name ? -1 : 1));
  refuseOversize(entity, inlinePolicies);
  tables.putEntity({ ...entity, inlinePolicies });
  return DONE;
}

function deleteInlinePolicy(tables: IamTables, command: DeleteInlinePolicy): IamResult<'DeleteInlinePolicy'> {
  const { entity: ref, policyName } = command;
  const entity = modifiableIdentity(tables, command.accountId, ref);
  const inlinePolicies = entity.inlinePolicies.filter(policy => policy.name !== policyName);
  if (inlinePolicies.length === entity.inlinePolicies.length)
    refuse('NoSuchEntity', `The ${ref.kind} policy with name ${policyName} cannot be found.`);
  tables.putEntity({ ...entity, inlinePolicies });
  return DONE;
}

/** Characters of all inline policies together. */
const SIZE_MAX: Readonly<Record<IdentityKind, number>> = {
  user: QUOTAS.InlinePolicySizePerUser,
  group: QUOTAS.InlinePolicySizePerGroup,
  role: QUOTAS.InlinePolicySizePerRole,
};

function refuseOversize(entity: IdentityRecord, policies: readonly InlinePolicy[]): void {
  const limit = SIZE_MAX[entity.kind];
  const size = policies.reduce((sum, policy) => sum + policySize(policy.document), 0);
  if (size > limit)
    refuse('LimitExceeded', `Maximum policy size of ${limit} bytes exceeded for ${entity.kind} ${entity.name}`);
}
