/** `Principal` elements compiled: how, if at all, a statement of a resource or trust policy names a principal. */
import { createHash } from 'node:crypto';
import { splitArn } from './arn.ts';
import type { PrincipalClause } from './policy-document.ts';
import type { AccountPrincipal, Principal } from './principal.ts';

/**
 * How closely a statement names the principal. `direct` (this very user, session or service) grants by itself inside an
 * account; `entity` (the role or user behind a session) grants, but stays within boundary and session policies;
 * `account` only lets the account's own identity policies decide.
 */
export type PrincipalMatch = 'no' | 'account' | 'entity' | 'direct';

export type PrincipalTest = (principal: Principal) => PrincipalMatch;

/** The names of one clause, sorted by what they name. */
interface Names {
  readonly everyone: boolean;
  /** ARNs, and the unique ids that IAM leaves in a policy when the entity behind an ARN is deleted. */
  readonly entities: ReadonlySet<string>;
  readonly accounts: ReadonlySet<string>;
  readonly canonicalUsers: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly providers: ReadonlySet<string>;
}

/** `Principal`: the closest way in which any of its names means the principal. */
export function compilePrincipal(clause: PrincipalClause): PrincipalTest {
  const names = namesOf(clause);
  return clause.negated ? principal => (allNamed(names, principal) ? 'no' : 'direct') : closest(names);
}

const closest =
  (names: Names): PrincipalTest =>
  principal => {
    if (names.everyone) return 'direct';
    switch (principal.kind) {
      case 'anonymous':
        return 'no';
      case 'service':
        return names.services.has(principal.service) ? 'direct' : 'no';
      case 'web-identity':
        return names.providers.has(principal.provider) ? 'direct' : 'no';
      default:
        if (namesItself(names, principal)) return 'direct';
        if (namesEntityBehind(names, principal)) return 'entity';
        return namesAccount(names, principal) ? 'account' : 'no';
    }
  };

/**
 * `NotPrincipal` with `Deny` spares a user only when both the user and its account are named, and a role session only
 * when session, role and account are (IAM User Guide, "NotPrincipal").
 */
function allNamed(names: Names, principal: Principal): boolean {
  if (!('accountId' in principal)) return closest(names)(principal) !== 'no';
  if (names.everyone) return true;
  if (!namesAccount(names, principal)) return false;
  if (principal.kind === 'root') return true;
  const behind = principal.kind === 'assumed-role' || (principal.kind === 'federated-user' && principal.user);
  return namesItself(names, principal) && (!behind || namesEntityBehind(names, principal));
}

function namesItself(names: Names, principal: AccountPrincipal): boolean {
  if (names.entities.has(principal.arn)) return true;
  return principal.kind === 'user' && names.entities.has(principal.userId);
}

function namesEntityBehind(names: Names, principal: AccountPrincipal): boolean {
  if (principal.kind === 'assumed-role')
    return names.entities.has(principal.roleArn) || names.entities.has(principal.roleId);
  const user = principal.kind === 'federated-user' ? principal.user : undefined;
  return user !== undefined && (names.entities.has(user.arn) || names.entities.has(user.userId));
}

function namesAccount(names: Names, { accountId }: AccountPrincipal): boolean {
  if (names.accounts.has(accountId)) return true;
  return names.canonicalUsers.size > 0 && names.canonicalUsers.has(canonicalUserId(accountId));
}

function namesOf(clause: PrincipalClause): Names {
  const accounts = new Set<string>();
  const entities = new Set<string>();
  for (const name of clause.aws) {
    const account = accountNamed(name);
    if (account === undefined) entities.add(name);
    else accounts.add(account);
  }
  return {
    // Both spellings mean everyone, strangers included (IAM User Guide, "All principals").
    everyone: clause.everyone || entities.has('*'),
    entities,
    accounts,
    canonicalUsers: new Set(clause.canonicalUser),
    services: new Set(clause.service),
    providers: new Set(clause.federated),
  };
}

const ACCOUNT = /^\d{12}$/;

/** The account that a bare id or the ARN of a root names. */
function accountNamed(name: string): string | undefined {
  if (ACCOUNT.test(name)) return name;
  const arn = splitArn(name);
  return arn?.service === 'iam' && arn.resource === 'root' ? arn.account : undefined;
}

/** The canonical user id of an account: 64 hexadecimal digits that do not show the account id. */
export const canonicalUserId = (accountId: string): string =>
  createHash('sha256').update(`canonical user ${accountId}`).digest('hex');

const RANK: Record<PrincipalMatch, number> = { no: 0, account: 1, entity: 2, direct: 3 };

/** The closer of two matches. */
export const closer = (a: PrincipalMatch, b: PrincipalMatch): PrincipalMatch => (RANK[b] > RANK[a] ? b : a);
