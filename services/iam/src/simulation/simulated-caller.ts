/** Whom a simulation is about: the entity whose policies count, and the principal that seems to call. */
import {
  type AccountPrincipal,
  entityNameOf,
  type IamView,
  type IdentityRecord,
  type RoleRecord,
  sessionArn,
  splitArn,
  type UserPrincipal,
} from '@stormglass/identity';
import type { Call } from '@stormglass/service-kit';
import type { IamDeps } from '../deps.ts';
import { invalidInput, noSuchEntity } from '../errors.ts';

/**
 * The user, group or role with this ARN.
 * @throws AwsError when the ARN names something else, or somebody of another account, or nobody
 */
export function policySource({ replica: { view } }: IamDeps, { accountId }: Call, arn: string): IdentityRecord {
  const fields = splitArn(arn);
  const kind = fields?.resource.slice(0, fields.resource.indexOf('/'));
  if (fields?.service !== 'iam' || (kind !== 'user' && kind !== 'group' && kind !== 'role'))
    throw invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
  if (fields.account !== accountId)
    throw invalidInput(
      `Invalid Policy Source Arn: caller's account ${accountId} does not have access to policies in account ${fields.account}`,
    );
  const name = entityNameOf(fields.resource);
  const record = view[kind](accountId, name);
  if (record?.arn !== arn) throw noSuchEntity(`The ${kind} with name ${name} cannot be found.`);
  return record;
}

/** The caller that the request names, or the one that follows from the entity whose policies are simulated. */
export function simulatedPrincipal(
  { replica: { view } }: IamDeps,
  call: Call,
  callerArn: string | undefined,
  source?: IdentityRecord,
): AccountPrincipal {
  if (callerArn !== undefined) return userByArn(view, call, callerArn);
  if (source?.kind === 'user') return view.principalForUser(source);
  if (source?.kind === 'role') return sessionOf(source, call);
  return stranger(call.accountId, '');
}

function userByArn(view: IamView, { accountId }: Call, arn: string): UserPrincipal {
  const fields = splitArn(arn);
  if (fields?.service !== 'iam' || !fields.resource.startsWith('user/') || !/^\d{12}$/.test(fields.account))
    throw invalidInput(`Invalid Caller Arn: ${arn} must be the ARN of an IAM user.`);
  const name = entityNameOf(fields.resource);
  // Nothing is told of users of other accounts.
  const user = fields.account === accountId ? view.user(accountId, name) : undefined;
  return user?.arn === arn ? view.principalForUser(user) : { ...stranger(fields.account, arn), userName: name };
}

/** A user of whom nothing more is known. */
const stranger = (accountId: string, arn: string): UserPrincipal => ({
  kind: 'user',
  accountId,
  arn,
  userId: '',
  userName: '',
  tags: [],
});

const SESSION_NAME = 'simulation';
const SESSION_SECONDS = 3600;

/** A role calls through a session; this one begins now. */
function sessionOf(role: RoleRecord, { now, partition }: Call): AccountPrincipal {
  const { accountId, name: roleName, id: roleId, arn: roleArn, tags } = role;
  const issuedAt = Math.floor(now / 1000);
  return {
    kind: 'assumed-role',
    accountId,
    arn: sessionArn(partition, accountId, roleName, SESSION_NAME),
    userId: `${roleId}:${SESSION_NAME}`,
    ...{ roleName, roleId, roleArn, tags },
    sessionName: SESSION_NAME,
    transitiveTagKeys: [],
    session: { issuedAt, expiresAt: issuedAt + SESSION_SECONDS },
  };
}
