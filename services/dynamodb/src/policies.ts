/** Policies of tables and streams: checked when they are set, compiled when they are asked. */
import { type CompiledPolicy, compilePolicyText, PolicyDocumentError } from '@stormglass/identity';
import { QUOTAS, type ResourcePolicy } from '@stormglass/table-catalogue';
import { invalidValues } from './errors.ts';

// Records never change, so a policy's record stands for its text for as long as it lives.
const compiled = new WeakMap<ResourcePolicy, CompiledPolicy>();

export function compiledPolicy(policy: ResourcePolicy): CompiledPolicy {
  let found = compiled.get(policy);
  if (found === undefined) compiled.set(policy, (found = compilePolicyText(policy.text, 'resource')));
  return found;
}

/** @throws AwsError unless the text is a policy that a table may have */
export function checkPolicy(text: string): void {
  if (Buffer.byteLength(text) > QUOTAS.PolicyBytes)
    throw invalidValues(`Maximum policy size of ${QUOTAS.PolicyBytes} bytes exceeded`);
  try {
    compilePolicyText(text, 'resource');
  } catch (error) {
    if (error instanceof PolicyDocumentError) throw invalidValues(`Invalid policy document: ${error.message}`);
    throw error;
  }
}
