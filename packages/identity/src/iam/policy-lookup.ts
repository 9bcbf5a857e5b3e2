/** Managed policies by ARN. */
import { entityNameOf, splitArn } from '../arn.ts';
import type { ManagedPolicyRecord } from './records.ts';
import { type IamTables, keyOf } from './tables.ts';

/** The customer managed policy with exactly this ARN; its path counts, the case of its name too. */
export function policyByArn(tables: IamTables, arn: string): ManagedPolicyRecord | undefined {
  const fields = splitArn(arn);
  if (fields === undefined || fields.service !== 'iam') return undefined;
  const policy = tables.policies.get(keyOf(fields.account, entityNameOf(fields.resource)));
  return policy?.arn === arn ? policy : undefined;
}
