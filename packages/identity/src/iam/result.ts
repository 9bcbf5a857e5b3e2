/** Answers of the IAM state: what a command made, or why IAM refuses it, in AWS's own words. */
import { type Accepted, accepted, Refused } from '@stormglass/replicated-state/command-result';
import { PolicyDocumentError } from '../policy-error.ts';
import type { CommandOf, IamCommand } from './commands.ts';
import type {
  AccessKeyRecord,
  GroupRecord,
  InstanceProfileRecord,
  ManagedPolicyRecord,
  OidcProviderRecord,
  PolicyVersionRecord,
  RegionOptIn,
  RoleRecord,
  TokenKeyRecord,
  UserRecord,
} from './records.ts';

export { type Accepted, accepted, Refused };

export type IamErrorCode =
  | 'DeleteConflict'
  | 'EntityAlreadyExists'
  | 'InvalidInput'
  | 'LimitExceeded'
  | 'MalformedPolicyDocument'
  | 'NoSuchEntity'
  | 'UnknownCommand'
  | 'UnmodifiableEntity'
  | 'ValidationError';

export interface Refusal {
  readonly ok: false;
  readonly code: IamErrorCode;
  readonly message: string;
}

interface RegionChange {
  readonly status: RegionOptIn['status'] | 'DISABLED';
  /** The opposite is under way, and must end first. */
  readonly isConflict: boolean;
}

/** What each command answers when it is accepted; commands not named here answer null. */
interface Values {
  CreateUser: UserRecord;
  UpdateUser: UserRecord;
  CreateAccessKey: AccessKeyRecord;
  CreateRole: RoleRecord;
  UpdateRole: RoleRecord;
  CreateGroup: GroupRecord;
  UpdateGroup: GroupRecord;
  CreateInstanceProfile: InstanceProfileRecord;
  CreateServiceLinkedRole: RoleRecord;
  DeleteServiceLinkedRole: { readonly deletionTaskId: string };
  CreateOidcProvider: OidcProviderRecord;
  CreatePolicy: ManagedPolicyRecord;
  CreatePolicyVersion: { readonly version: PolicyVersionRecord; readonly isDefault: boolean };
  GenerateCredentialReport: { readonly isNew: boolean };
  EnableRegion: RegionChange;
  DisableRegion: RegionChange;
  /** The key in force, whether this command added it or an earlier one. */
  AddTokenKey: Omit<TokenKeyRecord, 'key'>;
}

export type ValueOf<Type extends IamCommand['type']> = Type extends keyof Values ? Values[Type] : null;

/** The result of a command; `IamResult<'CreateUser'>` names the value of one type. */
export type IamResult<Type extends IamCommand['type'] = IamCommand['type']> = Accepted<ValueOf<Type>> | Refusal;

/** Applies one type of command. */
export type Applier<Type extends IamCommand['type'], Tables> = (
  tables: Tables,
  command: CommandOf<Type>,
  now: number,
) => IamResult<Type>;

export const DONE: Accepted<null> = accepted(null);

export function refuse(code: IamErrorCode, message: string): never {
  throw new Refused<Refusal>({ ok: false, code, message });
}

/** The refusal in something thrown while applying, or undefined when it is a bug. */
export function refusalIn(thrown: unknown): Refusal | undefined {
  if (thrown instanceof Refused) return thrown.refusal;
  if (thrown instanceof PolicyDocumentError) return { ok: false, code: thrown.code, message: thrown.message };
  return undefined;
}
