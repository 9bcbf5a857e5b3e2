/** Session policies: what a caller gives along to narrow its session, checked, and how much room they take. */
import { deflateRawSync } from 'node:zlib';
import { type IamView, PolicyDocumentError, parsePolicy, type RoleRecord } from '@stormglass/identity';
import { malformedPolicy, packedPolicyTooLarge, validationError } from './errors.ts';
import type { AssumeRoleInput, SessionTags } from './session-request.ts';

export interface SessionPolicies {
  readonly policy?: string;
  readonly policyArns?: readonly string[];
}

const POLICY_LENGTH_MAX = 2048;
const POLICY_ARNS_MAX = 10;

/** @throws AwsError unless the policies are well-formed and exist in the role's account */
export function sessionPolicies(input: AssumeRoleInput, role: RoleRecord, view: IamView): SessionPolicies {
  const { Policy: policy } = input;
  if (policy !== undefined) checkPolicy(policy);
  const policyArns = input.PolicyArns?.map(({ arn = '' }) => arn) ?? [];
  checkArns(policyArns, role, view);
  return { ...(policy === undefined ? {} : { policy }), ...(policyArns.length === 0 ? {} : { policyArns }) };
}

function checkPolicy(policy: string): void {
  if (policy.length > POLICY_LENGTH_MAX)
    throw validationError(
      `1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to ${POLICY_LENGTH_MAX}`,
    );
  try {
    parsePolicy(policy, 'session');
  } catch (error) {
    throw error instanceof PolicyDocumentError ? malformedPolicy(error) : error;
  }
}

function checkArns(arns: readonly string[], role: RoleRecord, view: IamView): void {
  if (arns.length > POLICY_ARNS_MAX)
    throw validationError(
      `1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to ${POLICY_ARNS_MAX}`,
    );
  for (const arn of arns) {
    const exists = view.awsManagedPolicy(arn) !== undefined || view.policy(arn)?.accountId === role.accountId;
    if (!exists) throw validationError(`Policy ${arn} does not exist or is not attachable.`);
  }
}

/** AWS keeps its packed form to itself; this is what ours may take, deflated. */
const PACKED_BYTES_MAX = 2048;

/**
 * The percentage of the allotted space that policies and tags take; undefined when there are none.
 * @throws AwsError when it is more than all
 */
export function packedPolicySize(policies: SessionPolicies, tags: SessionTags): number | undefined {
  const { policy, policyArns } = policies;
  if (policy === undefined && policyArns === undefined && tags.all.length === 0) return undefined;
  const packed = deflateRawSync(JSON.stringify([policy, policyArns, tags.all]));
  const percent = Math.ceil((packed.length * 100) / PACKED_BYTES_MAX);
  if (percent > 100) throw packedPolicyTooLarge(percent);
  return percent;
}
