/** The managed policies of a user, group or role, from their ARNs alone: an ARN holds path and name. */
import type { AttachedPolicy } from '@aws-sdk/client-iam';
import { entityNameOf, type IdentityRecord, type Page, type PageRequest, splitArn } from '@stormglass/identity';
import { pageOf } from './paging.ts';

export function attachedPolicies(
  entity: IdentityRecord,
  pathPrefix: string | undefined,
  request: PageRequest,
): Page<AttachedPolicy> {
  const arns = entity.attachedPolicies.filter(arn => pathPrefix === undefined || pathOf(arn).startsWith(pathPrefix));
  const page = pageOf(arns, placeOf, request);
  return { ...page, items: page.items.map(arn => ({ PolicyName: entityNameOf(arn), PolicyArn: arn })) };
}

/** `/a/b/` of `arn:aws:iam::123456789012:policy/a/b/name`. */
function pathOf(arn: string): string {
  const { resource } = splitArn(arn)!;
  return resource.slice(resource.indexOf('/'), resource.lastIndexOf('/') + 1);
}

/** Names differ within an account and among AWS's own, not across the two. */
const placeOf = (arn: string): string => `${entityNameOf(arn).toLowerCase()}/${splitArn(arn)!.account}`;
