/** Commands about instance profiles. */
import type { Tag } from '../principal.ts';
import type { InAccount } from './commands.ts';

interface AboutProfile extends InAccount {
  readonly profileName: string;
}

export interface CreateInstanceProfile extends AboutProfile {
  readonly type: 'CreateInstanceProfile';
  readonly profileId: string;
  readonly path: string;
  readonly tags?: readonly Tag[];
}

export interface DeleteInstanceProfile extends AboutProfile {
  readonly type: 'DeleteInstanceProfile';
}

export interface AddRoleToInstanceProfile extends AboutProfile {
  readonly type: 'AddRoleToInstanceProfile';
  readonly roleName: string;
}

export interface RemoveRoleFromInstanceProfile extends AboutProfile {
  readonly type: 'RemoveRoleFromInstanceProfile';
  readonly roleName: string;
}

export type InstanceProfileCommand =
  | CreateInstanceProfile
  | DeleteInstanceProfile
  | AddRoleToInstanceProfile
  | RemoveRoleFromInstanceProfile;
