/** `Principal` elements compiled: how, if at all, a statement of a resource or trust policy names a principal. */
import { splitArn } from './arn.ts';
import type { PrincipalClause } from './policy-document.ts';
import { hasAccount, type Principal } from './principal.ts';

/**
 * How closely a statement names the principal. `direct` (this very user, session or service) grants by itself inside an
 * account; `role` (the role behind a session) grants, but stays within boundary and session policies; `account` only
 * lets the account's own identity policies decide.
 */
export type PrincipalMatch = 'no' | 'account' | 'role' | 'direct';

export type PrincipalTest = (principal: Principal) => PrincipalMatch;

const ACCOUNT = /^\d{12}$/;

export function compilePrincipal(clause: PrincipalClause): PrincipalTest {
  if (clause.everyone) return () => 'direct';
  const accounts = new Set<string>();
  // ARNs, and the unique ids that IAM leaves in a policy when the entity behind an ARN is deleted.
  const names = new Set<string>();
  for (const name of clause.aws) {
    const account = accountNamed(name);
    if (account === undefined) names.add(name);
    else accounts.add(account);
  }
  const everyone = names.has('*');
  const services = new Set(clause.service);
  return principal => {
    if (principal.kind === 'service') return services.has(principal.service) ? 'direct' : 'no';
    if (everyone) return 'direct';
    if (!hasAccount(principal)) return 'no';
    if (names.has(principal.arn)) return 'direct';
    if (principal.kind === 'user' && names.has(principal.userId)) return 'direct';
    if (principal.kind === 'assumed-role' && (names.has(principal.roleArn) || names.has(principal.roleId)))
      return 'role';
    return accounts.has(principal.accountId) ? 'account' : 'no';
  };
}

/** The account that a bare id or the ARN of a root names. */
function accountNamed(name: string): string | undefined {
  if (ACCOUNT.test(name)) return name;
  const arn = splitArn(name);
  return arn?.service === 'iam' && arn.resource === 'root' ? arn.account : undefined;
}

const RANK: Record<PrincipalMatch, number> = { no: 0, account: 1, role: 2, direct: 3 };

/** The closer of two matches. */
export const closer = (a: PrincipalMatch, b: PrincipalMatch): PrincipalMatch => (RANK[b] > RANK[a] ? b : a);
