/**
 * The words in which the cases of `cases/` are written: who asks for what, under which policies, and what the answer
 * must be. Cases are written from the IAM User Guide; its page stands above each group.
 */
import { compilePolicyText } from '../policy-compiler.ts';
import type { PolicyUse } from '../policy-document.ts';
import { evaluate, type PolicySets } from '../policy-evaluator.ts';
import { evaluateTraced } from '../policy-trace.ts';
import type {
  FederatedUserPrincipal,
  Principal,
  RoleSessionPrincipal,
  SessionFacts,
  UserPrincipal,
} from '../principal.ts';
import { principalContext } from '../principal-context.ts';
import { type ContextValue, contextOf } from '../request-context.ts';

export const HOME = '111122223333';
export const AWAY = '444455556666';

export const BOB: UserPrincipal = {
  kind: 'user',
  accountId: HOME,
  arn: `arn:aws:iam::${HOME}:user/bob`,
  userId: 'AIDABOB',
  userName: 'bob',
  tags: [
    { key: 'team', value: 'blue' },
    { key: 'Stage', value: 'prod' },
  ],
};
export const ALICE: UserPrincipal = {
  ...BOB,
  arn: `arn:aws:iam::${HOME}:user/staff/alice`,
  userId: 'AIDAALICE',
  userName: 'alice',
  tags: [],
};

/** Noon of the day on which everything here happens. */
export const NOON = '2026-03-01T12:00:00Z';
const seconds = (time: string): number => Date.parse(time) / 1000;
const FACTS: SessionFacts = { issuedAt: seconds('2026-03-01T11:30:00Z'), expiresAt: seconds('2026-03-01T12:30:00Z') };

export const SESSION: RoleSessionPrincipal = {
  kind: 'assumed-role',
  accountId: HOME,
  arn: `arn:aws:sts::${HOME}:assumed-role/reader/monday`,
  userId: 'AROAREADER:monday',
  roleName: 'reader',
  roleId: 'AROAREADER',
  roleArn: `arn:aws:iam::${HOME}:role/service/reader`,
  sessionName: 'monday',
  tags: [{ key: 'team', value: 'green' }],
  transitiveTagKeys: [],
  session: FACTS,
};
export const ROOT: Principal = { kind: 'root', accountId: HOME, arn: `arn:aws:iam::${HOME}:root`, userId: HOME };
export const GUEST: FederatedUserPrincipal = {
  kind: 'federated-user',
  accountId: HOME,
  arn: `arn:aws:sts::${HOME}:federated-user/guest`,
  userId: `${HOME}:guest`,
  federatedName: 'guest',
  user: { userName: BOB.userName, arn: BOB.arn, userId: BOB.userId },
  tags: [],
  session: FACTS,
};
const { user: _, ...withoutUser } = GUEST;
export const GUEST_OF_ROOT: FederatedUserPrincipal = withoutUser;
export const LAMBDA: Principal = { kind: 'service', service: 'lambda.amazonaws.com' };
export const PROVIDER = `arn:aws:iam::${HOME}:oidc-provider/id.example.com`;
export const TOKEN_HOLDER: Principal = { kind: 'web-identity', provider: PROVIDER };
export const STRANGER: Principal = { kind: 'anonymous' };

type Elements = Readonly<Record<string, unknown>>;

export const allow = (action: unknown, resource: unknown = '*', more: Elements = {}): Elements => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...more,
});
export const deny = (action: unknown, resource: unknown = '*', more: Elements = {}): Elements => ({
  ...allow(action, resource, more),
  Effect: 'Deny',
});

/** A statement, several, or a whole document. */
export type Policy = Elements | readonly Elements[];

export interface Question {
  readonly who?: Principal;
  readonly action?: string;
  readonly resource?: string;
  /** Account that owns the resource; the caller's own unless said. */
  readonly owner?: string;
  readonly keys?: Readonly<Record<string, ContextValue>>;
  readonly at?: string;
  /** Each is a policy of its own. */
  readonly identity?: readonly Policy[];
  readonly boundary?: Policy;
  readonly session?: readonly Policy[];
  /** Policy of the resource. */
  readonly on?: Policy;
  /** Trust policy of the role that is the resource. */
  readonly trust?: Policy;
}

function compile(policy: Policy, use: PolicyUse) {
  const whole = 'Statement' in policy ? policy : { Version: '2012-10-17', Statement: policy };
  return compilePolicyText(JSON.stringify(whole), use);
}

/**
 * The decision and its reason: `allowed: identity+boundary` names every kind of policy that a statement of which speaks
 * for it, `denied: session` the kind that denies, `lacking: boundary` the kind that does not allow.
 */
export function answer(question: Question): string {
  const { who = BOB, action = 's3:GetObject', resource = 'arn:aws:s3:::b/k', at = NOON, keys = {} } = question;
  const { identity = [], boundary, session, on, trust } = question;
  const resourceAccount = question.owner ?? ('accountId' in who ? who.accountId : HOME);
  const context = principalContext({ principal: who, resourceAccount, now: Date.parse(at), context: contextOf(keys) });
  const sets: PolicySets = {
    identity: identity.map(policy => compile(policy, 'inline')),
    boundary: boundary && compile(boundary, 'managed'),
    session: session?.map(policy => compile(policy, 'session')),
    resource: on === undefined ? trust && compile(trust, 'trust') : compile(on, 'resource'),
    resourcePolicyRequired: trust !== undefined,
  };
  const request = { principal: who, action, resource, resourceAccount, context };
  const decision = evaluate(sets, request);
  const traced = evaluateTraced(sets, request);
  if (JSON.stringify(traced.decision) !== JSON.stringify(decision)) throw new Error('the trace says something else');
  if (decision.allowed) return `allowed: ${[...new Set(traced.matched.map(({ type }) => type))].join('+') || 'root'}`;
  return `${decision.explicit ? 'denied' : 'lacking'}: ${decision.by}`;
}

/** The answer when nothing but one condition decides whether an identity policy allows. */
export const underCondition = (Condition: Elements, question: Question = {}): string =>
  answer({ identity: [[allow('*', '*', { Condition })]], ...question });

/** What `underCondition` answers when the condition is met, and when it is not. */
export const MET = 'allowed: identity';
export const UNMET = 'lacking: identity';
