/** The policies of AWS as an account sees them: the same for all, but counted by its own attachments. */
import type { Policy } from '@aws-sdk/client-iam';
import type { AwsManagedPolicy, IamView } from '@stormglass/identity';
import { dateOf } from './shapes.ts';

export const listedAwsPolicy = (view: IamView, accountId: string, policy: AwsManagedPolicy): Policy => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.versionId,
  AttachmentCount: view.entitiesWith(accountId, policy.arn, 'attachment').length,
  PermissionsBoundaryUsageCount: view.entitiesWith(accountId, policy.arn, 'boundary').length,
  IsAttachable: true,
  CreateDate: dateOf(policy.createdAt),
  UpdateDate: dateOf(policy.createdAt),
});

export const shownAwsPolicy = (view: IamView, accountId: string, policy: AwsManagedPolicy): Policy => ({
  ...listedAwsPolicy(view, accountId, policy),
  Description: policy.description,
  Tags: [],
});
