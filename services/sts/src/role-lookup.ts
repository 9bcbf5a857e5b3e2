/** Roles by the ARNs that callers of STS give, and what a trust policy is asked. */
import { entityNameOf, type IamView, type RoleRecord, splitArn } from '@stormglass/identity';
import { validationError } from './errors.ts';
import type { SessionTags } from './session-tags.ts';

/** @throws AwsError unless the text is the ARN of a role, of whichever account */
export function checkRoleArn(text: string): void {
  const arn = splitArn(text);
  if (arn?.service !== 'iam' || !arn.resource.startsWith('role/')) throw validationError('Request ARN is invalid');
}

/** The role with exactly this ARN, which `checkRoleArn` has passed; its path counts. */
export function roleByArn(view: IamView, arn: string): RoleRecord | undefined {
  const { account, resource } = splitArn(arn)!;
  const role = view.role(account, entityNameOf(resource));
  return role?.arn === arn ? role : undefined;
}

/** Tags and source identity need their own permission beside that to assume the role. */
export function trustedActions(
  action: string,
  { passed }: SessionTags,
  sourceIdentity: string | undefined,
): readonly string[] {
  const actions = [action];
  if (passed.length > 0) actions.push('sts:TagSession');
  if (sourceIdentity !== undefined) actions.push('sts:SetSourceIdentity');
  return actions;
}
