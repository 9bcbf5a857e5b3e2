/**
 * What IAM's operations must be allowed on, and with which condition keys. An entity that exists is asked about by its
 * own ARN, path included; one that does not, by the ARN it would have without a path.
 *
 * Permissions are asked before the input is validated, so every member may be missing here.
 */
import { type EntityRecord, iamArn, type Tag } from '@stormglass/identity';
import type { Caller, ConditionKeys, RequiredPermission } from '@stormglass/service-kit';
import type { IamDeps } from './deps.ts';

export type Permission<Input> = RequiredPermission<Input, IamDeps>;
export type Keys<Input> = (input: Input) => ConditionKeys;

type ArnKind = Parameters<typeof iamArn>[2];

interface UserInput {
  readonly UserName?: string | undefined;
}
interface RoleInput {
  readonly RoleName?: string | undefined;
}
interface PolicyInput {
  readonly PolicyArn?: string | undefined;
}
interface BoundaryInput {
  readonly PermissionsBoundary?: string | undefined;
}
interface TagsInput {
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
}

/** An existing user; without a name, the caller itself. */
export const onUser = <Own = unknown>(own?: Keys<Own>): Permission<UserInput & Own> => ({
  resource: (input, caller, deps) => userArn(input.UserName, caller, deps),
  context: (input, caller, deps) => ({ ...entityKeys(userOf(input.UserName, caller, deps)), ...own?.(input) }),
});

export const onRole = <Own = unknown>(own?: Keys<Own>): Permission<RoleInput & Own> => ({
  resource: ({ RoleName = '' }, caller, deps) =>
    deps.replica.view.role(caller.accountId, RoleName)?.arn ?? arnOf('role', caller, '/', RoleName),
  context: (input, caller, deps) => ({
    ...entityKeys(deps.replica.view.role(caller.accountId, input.RoleName ?? '')),
    ...own?.(input),
  }),
});

/** The user, group or role whose policies are asked about. */
export const onPolicySource: Permission<{ readonly PolicySourceArn?: string | undefined }> = {
  resource: ({ PolicySourceArn = '*' }) => PolicySourceArn,
};

/** A managed policy; those of other accounts keep their tags to themselves. */
export const onPolicy = <Own = unknown>(own?: Keys<Own>): Permission<PolicyInput & Own> => ({
  resource: ({ PolicyArn = '*' }) => PolicyArn,
  context(input, caller, { replica }) {
    const policy = replica.view.policy(input.PolicyArn ?? '');
    return { ...(policy?.accountId === caller.accountId ? tagKeys(policy) : {}), ...own?.(input) };
  },
});

interface NewInput extends UserInput, RoleInput {
  readonly GroupName?: string | undefined;
  readonly InstanceProfileName?: string | undefined;
  readonly PolicyName?: string | undefined;
  readonly Path?: string | undefined;
}

/** Something that is about to be made, under the path it asks for. */
export const onNew = <Own>(kind: ArnKind, own: Keys<Own>): Permission<NewInput & Own> => ({
  resource: ({ UserName, GroupName, RoleName, PolicyName, InstanceProfileName, Path = '/' }, caller) =>
    arnOf(kind, caller, Path, UserName ?? GroupName ?? RoleName ?? PolicyName ?? InstanceProfileName ?? ''),
  context: input => own(input),
});

/** Everything of its kind under a path. */
export const onPath = (kind: ArnKind): Permission<{ readonly PathPrefix?: string | undefined }> => ({
  resource: ({ PathPrefix = '/' }, caller) => arnOf(kind, caller, PathPrefix, ''),
});

/** A user that is to move: it must be allowed where it is and where it goes. */
export const onMovedUser: Permission<
  UserInput & { readonly NewUserName?: string | undefined; readonly NewPath?: string | undefined }
> = {
  resource(input, caller, deps) {
    const user = userOf(input.UserName, caller, deps);
    const name = input.NewUserName ?? user?.name ?? input.UserName ?? '';
    const goal = arnOf('user', caller, input.NewPath ?? user?.path ?? '/', name);
    return [userArn(input.UserName, caller, deps), goal];
  },
  context: (input, caller, deps) => entityKeys(userOf(input.UserName, caller, deps)),
};

/** The user an access key belongs to. */
export const onKeyOwner: Permission<{ readonly AccessKeyId?: string | undefined }> = {
  resource({ AccessKeyId = '' }, caller, deps) {
    const key = deps.replica.view.accessKey(AccessKeyId);
    return key?.accountId === caller.accountId ? userArn(key.userName, caller, deps) : '*';
  },
};

export const attached = ({ PolicyArn }: PolicyInput): ConditionKeys => ({ 'iam:PolicyARN': PolicyArn });

export const bounded = ({ PermissionsBoundary }: BoundaryInput): ConditionKeys => ({
  'iam:PermissionsBoundary': PermissionsBoundary,
});

export const boundedAndTagged = (input: BoundaryInput & TagsInput): ConditionKeys => ({
  ...bounded(input),
  ...tagged(input),
});

export function tagged({ Tags = [] }: TagsInput): ConditionKeys {
  const keys: Record<string, string | readonly string[]> = {};
  if (Tags.length > 0) keys['aws:TagKeys'] = Tags.map(tag => tag.Key ?? '');
  for (const { Key = '', Value = '' } of Tags) keys[`aws:RequestTag/${Key}`] = Value;
  return keys;
}

export const untagged = ({ TagKeys }: { readonly TagKeys?: readonly string[] | undefined }): ConditionKeys => ({
  'aws:TagKeys': TagKeys,
});

export const arnOf = (kind: ArnKind, { partition, accountId }: Caller, path: string, name: string) =>
  iamArn(partition, accountId, kind, path, name);

function userOf(name: string | undefined, { accountId, principal }: Caller, { replica }: IamDeps) {
  const wanted = name ?? (principal.kind === 'user' ? principal.userName : undefined);
  return wanted === undefined ? undefined : replica.view.user(accountId, wanted);
}

function userArn(name: string | undefined, caller: Caller, deps: IamDeps): string {
  const user = userOf(name, caller, deps);
  if (user !== undefined) return user.arn;
  return name === undefined ? caller.principal.arn : arnOf('user', caller, '/', name);
}

function entityKeys(entity: EntityRecord | undefined): ConditionKeys {
  if (entity === undefined) return {};
  return { 'iam:PermissionsBoundary': entity.permissionsBoundary, ...tagKeys(entity) };
}

/** The tags of what a call is about, as conditions ask for them. */
export function tagKeys(resource: { readonly tags: readonly Tag[] } | undefined): ConditionKeys {
  const keys: Record<string, string> = {};
  for (const { key, value } of resource?.tags ?? []) {
    keys[`aws:ResourceTag/${key}`] = value;
    keys[`iam:ResourceTag/${key}`] = value;
  }
  return keys;
}
