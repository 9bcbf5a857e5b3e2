/** `PolicyExclusionList`: which attached policies a simulation leaves out. */
import type { PolicyIdentifier } from '@aws-sdk/client-iam';
import { splitArn } from '@stormglass/identity';
import { invalidInput } from '../errors.ts';
import type { Attachment, PolicySource } from './policy-sources.ts';

type Test = (attachment: Attachment) => boolean;

/**
 * Whether a policy stays.
 * @throws AwsError `InvalidInput` for an identifier that names nothing a policy could be
 */
export function keptBy(identifiers: readonly PolicyIdentifier[] = []): (source: PolicySource) => boolean {
  const tests = identifiers.map(testOf);
  return ({ attachment }) => attachment === undefined || !tests.some(test => test(attachment));
}

function testOf({ PolicyType, PolicyArn, InlinePolicyIdentifier: inline }: PolicyIdentifier): Test {
  if (PolicyType !== undefined) return attachment => attachment.how === PolicyType;
  if (inline !== undefined) {
    const { PolicyName, AttachmentType, AttachmentName = '' } = inline;
    const isOwner = nameTest(AttachmentName);
    return attachment =>
      attachment.how === 'inline' &&
      attachment.policyName === PolicyName &&
      attachment.to === AttachmentType &&
      isOwner(attachment.name);
  }
  if (PolicyArn === undefined) throw invalidInput('Invalid Input PolicyExclusionList: a policy identifier is empty.');
  const fields = splitArn(PolicyArn);
  const name = PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1);
  const before = PolicyArn.slice(0, PolicyArn.length - name.length);
  if (fields === undefined || !fields.resource.startsWith('policy/') || /[*?]/.test(before))
    throw invalidInput(`Invalid Input PolicyExclusionList: ${PolicyArn} is not the ARN of a managed policy.`);
  const isName = nameTest(name);
  return attachment =>
    attachment.how !== 'inline' && attachment.arn.startsWith(before) && isName(attachment.arn.slice(before.length));
}

/** At most one `*` stands for any characters, each `?` for one. */
function nameTest(pattern: string): (name: string) => boolean {
  const [head = '', tail, ...more] = pattern.split('*');
  if (more.length > 0) throw invalidInput(`Invalid Input PolicyExclusionList: ${pattern} has more than one wildcard.`);
  const fits = (text: string, part: string) =>
    text.length === part.length && [...part].every((char, i) => char === '?' || char === text[i]);
  if (tail === undefined) return name => fits(name, head);
  return name =>
    name.length >= head.length + tail.length &&
    fits(name.slice(0, head.length), head) &&
    fits(name.slice(name.length - tail.length), tail);
}
