/** Commands about groups and their members. */
import type { InAccount } from './commands.ts';

interface AboutGroup extends InAccount {
  readonly groupName: string;
}

export interface CreateGroup extends AboutGroup {
  readonly type: 'CreateGroup';
  readonly groupId: string;
  readonly path: string;
}

export interface UpdateGroup extends AboutGroup {
  readonly type: 'UpdateGroup';
  readonly newGroupName?: string;
  readonly newPath?: string;
}

export interface DeleteGroup extends AboutGroup {
  readonly type: 'DeleteGroup';
}

export interface AddUserToGroup extends AboutGroup {
  readonly type: 'AddUserToGroup';
  readonly userName: string;
}

export interface RemoveUserFromGroup extends AboutGroup {
  readonly type: 'RemoveUserFromGroup';
  readonly userName: string;
}

export type GroupCommand = CreateGroup | UpdateGroup | DeleteGroup | AddUserToGroup | RemoveUserFromGroup;
