/** Commands about roles that belong to an AWS service. */
import type { InAccount } from './commands.ts';

export interface CreateServiceLinkedRole extends InAccount {
  readonly type: 'CreateServiceLinkedRole';
  /** `autoscaling.amazonaws.com`. */
  readonly service: string;
  readonly roleId: string;
  readonly description?: string;
  readonly customSuffix?: string;
}

export interface DeleteServiceLinkedRole extends InAccount {
  readonly type: 'DeleteServiceLinkedRole';
  readonly roleName: string;
  /** Makes the id of the deletion task unlike all others. */
  readonly taskUuid: string;
}

export type ServiceLinkedRoleCommand = CreateServiceLinkedRole | DeleteServiceLinkedRole;
