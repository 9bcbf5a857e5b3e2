/** Who hands a role to a service must be allowed to pass it on: `iam:PassRole`, besides the operation itself. */
import { authorize } from '@stormglass/identity';
import { accessDenied, type Call, withKeys } from '@stormglass/service-kit';
import type { IamDeps } from './deps.ts';

/**
 * @param service the service that gets the role, for example `ec2.amazonaws.com`
 * @throws AwsError AccessDenied when the caller may not pass the role on; a role that does not exist is no concern here
 */
export function refuseUnpassableRole(roleName: string, service: string, call: Call, { replica }: IamDeps): void {
  const role = replica.view.role(call.accountId, roleName);
  if (role === undefined) return;
  const { principal, now } = call;
  const context = withKeys(call.facts, () => ({ 'iam:PassedToService': service }));
  const request = { principal, action: 'iam:PassRole', resource: role.arn, context, now };
  const decision = authorize(replica.view, request);
  if (!decision.allowed) throw accessDenied(request, decision);
}
