/** Session policies: what a caller gives along to narrow its session, checked, and how much room they take. */
import { deflateRawSync } from 'node:zlib';
import type { PolicyDescriptorType } from '@aws-sdk/client-sts';
import { type IamView, PolicyDocumentError, parsePolicy, type Tag } from '@stormglass/identity';
import { malformedPolicy, packedPolicyTooLarge, validationError } from './errors.ts';

export interface SessionPolicies {
  readonly policy?: string;
  readonly policyArns?: readonly string[];
}

interface PolicyInput {
  readonly Policy?: string | undefined;
  readonly PolicyArns?: readonly PolicyDescriptorType[] | undefined;
}

/** Of all session policies together, ARNs included (STS, "PolicyArns"). */
const TEXT_LENGTH_MAX = 2048;
const POLICY_ARNS_MAX = 10;

/**
 * @param accountId where managed policies have to be
 * @throws AwsError unless the policies are well-formed and exist
 */
export function sessionPolicies(input: PolicyInput, accountId: string, view: IamView): SessionPolicies {
  const { Policy: policy } = input;
  const policyArns = input.PolicyArns?.map(({ arn = '' }) => arn) ?? [];
  if (policy !== undefined) checkPolicy(policy);
  checkArns(policyArns, accountId, view);
  return { ...(policy === undefined ? {} : { policy }), ...(policyArns.length === 0 ? {} : { policyArns }) };
}

function checkPolicy(policy: string): void {
  if (policy.length > TEXT_LENGTH_MAX) throw tooLong('policy', TEXT_LENGTH_MAX);
  try {
    parsePolicy(policy, 'session');
  } catch (error) {
    throw error instanceof PolicyDocumentError ? malformedPolicy(error) : error;
  }
}

function checkArns(arns: readonly string[], accountId: string, view: IamView): void {
  if (arns.length > POLICY_ARNS_MAX) throw tooLong('policyArns', POLICY_ARNS_MAX);
  for (const arn of arns) {
    const exists = view.awsManagedPolicy(arn) !== undefined || view.policy(arn)?.accountId === accountId;
    if (!exists) throw validationError(`Policy ${arn} does not exist or is not attachable.`);
  }
}

const tooLong = (member: string, max: number) =>
  validationError(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${max}`,
  );

/** AWS keeps its packed form to itself; this is what ours may take, deflated. */
const PACKED_BYTES_MAX = 2048;

/**
 * The percentage of the allotted space that policies and tags take; undefined when there are none.
 * @throws AwsError when it is more than all
 */
export function packedPolicySize({ policy, policyArns }: SessionPolicies, tags: readonly Tag[]): number | undefined {
  if (policy === undefined && policyArns === undefined && tags.length === 0) return undefined;
  const packed = deflateRawSync(JSON.stringify([policy, policyArns, tags]));
  const percent = Math.ceil((packed.length * 100) / PACKED_BYTES_MAX);
  if (percent > 100) throw packedPolicyTooLarge(percent);
  return percent;
}
