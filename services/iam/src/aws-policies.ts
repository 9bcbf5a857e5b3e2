/** The policies of AWS as an account sees them: the same for all, but counted by its own users, groups and roles. */
import type { Policy } from '@aws-sdk/client-iam';
import type { AwsManagedPolicy, IamView, IdentityRecord } from '@stormglass/identity';
import { dateOf } from './shapes.ts';

interface Usage {
  attachments: number;
  boundaries: number;
}

/** All of them as lists show them; counted in one pass over the account. */
export function listedAwsPolicies(view: IamView, accountId: string): Policy[] {
  const usage = usageByArn(entitiesOf(view, accountId));
  return view.awsManagedPolicies().map(policy => listedAwsPolicy(policy, usage.get(policy.arn)));
}

export function shownAwsPolicy(view: IamView, accountId: string, policy: AwsManagedPolicy): Policy {
  const usage = {
    attachments: view.entitiesWith(accountId, policy.arn, 'attachment').length,
    boundaries: view.entitiesWith(accountId, policy.arn, 'boundary').length,
  };
  return { ...listedAwsPolicy(policy, usage), Description: policy.description, Tags: [] };
}

const listedAwsPolicy = (policy: AwsManagedPolicy, usage: Usage | undefined): Policy => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.versionId,
  AttachmentCount: usage?.attachments ?? 0,
  PermissionsBoundaryUsageCount: usage?.boundaries ?? 0,
  IsAttachable: true,
  CreateDate: dateOf(policy.createdAt),
  UpdateDate: dateOf(policy.createdAt),
});

function entitiesOf(view: IamView, accountId: string): readonly IdentityRecord[] {
  const all = { max: Number.POSITIVE_INFINITY };
  const { items: users } = view.listUsers(accountId, all);
  return [...users, ...view.listGroups(accountId, all).items, ...view.listRoles(accountId, all).items];
}

function usageByArn(entities: readonly IdentityRecord[]): ReadonlyMap<string, Usage> {
  const usage = new Map<string, Usage>();
  const of = (arn: string): Usage => {
    let one = usage.get(arn);
    if (one === undefined) usage.set(arn, (one = { attachments: 0, boundaries: 0 }));
    return one;
  };
  for (const entity of entities) {
    for (const arn of entity.attachedPolicies) of(arn).attachments++;
    if (entity.kind !== 'group' && entity.permissionsBoundary !== undefined)
      of(entity.permissionsBoundary).boundaries++;
  }
  return usage;
}
