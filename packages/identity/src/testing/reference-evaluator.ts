/**
 * The policy language read naively, straight from the JSON and from the text of the IAM User Guide ("Policy evaluation
 * logic"), with no preparation: slow, and simple enough to be believed. Only tests use it, to judge the compiled
 * evaluator, with which it shares types and nothing else.
 */
import type { PolicyType } from '../policy-evaluator.ts';
import type { Principal } from '../principal.ts';
import { conditionsHold } from './reference-conditions.ts';
import { arnLike, type ReferenceContext, wildcardLike } from './reference-patterns.ts';

export interface ReferenceStatement {
  readonly Effect: string;
  readonly [element: string]: unknown;
}

export interface ReferencePolicy {
  readonly Version?: string;
  readonly Statement: readonly ReferenceStatement[];
}

export interface ReferenceRequest {
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  readonly principal: Principal;
  readonly context: ReferenceContext;
}

export interface ReferenceSets {
  readonly identity: readonly ReferencePolicy[];
  readonly boundary?: ReferencePolicy | undefined;
  readonly session?: readonly ReferencePolicy[] | undefined;
  readonly resource?: ReferencePolicy | undefined;
  readonly trust: boolean;
}

/** `reasons`: every kind of policy that by itself keeps the request from being allowed. */
export interface ReferenceDecision {
  readonly allowed: boolean;
  readonly explicit: boolean;
  readonly reasons: readonly PolicyType[];
}

export function referenceDecision(sets: ReferenceSets, request: ReferenceRequest): ReferenceDecision {
  const { principal } = request;
  const rooted = principal.kind === 'root' || (principal.kind === 'federated-user' && principal.user === undefined);
  const own = (policies: readonly ReferencePolicy[]) => policies.flatMap(policy => applying(policy, request));
  const identity = rooted ? [] : own(sets.identity);
  const boundary = sets.boundary && own([sets.boundary]);
  const session = sets.session && own(sets.session);
  const resource = (sets.resource ? applying(sets.resource, request) : []).filter(
    statement => waysNamed(statement, principal).length > 0,
  );
  const resourceType = sets.trust ? 'trust' : 'resource';

  // "An explicit deny in any of these policies overrides the allow."
  const denies = (statements: readonly ReferenceStatement[] | undefined) =>
    (statements ?? []).some(({ Effect }) => Effect === 'Deny');
  const deniers: PolicyType[] = [];
  if (denies(identity)) deniers.push('identity');
  if (denies(boundary)) deniers.push('boundary');
  if (denies(session)) deniers.push('session');
  if (denies(resource)) deniers.push(resourceType);
  if (deniers.length > 0) return { allowed: false, explicit: true, reasons: deniers };

  const lacking: PolicyType[] = [];
  const ways = resource.flatMap(statement => waysNamed(statement, principal));
  const account = 'accountId' in principal ? principal.accountId : undefined;
  if (account === undefined) {
    if (ways.length === 0) lacking.push(resourceType);
    return { allowed: lacking.length === 0, explicit: false, reasons: lacking };
  }

  const inside = account === request.resourceAccount;
  // "IAM role trust policies … must explicitly allow access", and so must the trusting account.
  if ((sets.trust || !inside) && ways.length === 0) lacking.push(resourceType);
  // "If a resource-based policy grants permission directly to the IAM user or the session principal …, then an implicit
  // deny in an identity-based policy, a permissions boundary, or a session policy does not impact the final decision."
  if (inside && ways.includes('itself')) return { allowed: true, explicit: false, reasons: [] };
  // "… that grant permissions to an IAM role ARN are limited by … a permissions boundary or session policy."
  const granted = rooted || identity.length > 0 || (inside && ways.includes('behind'));
  if (!granted) lacking.push('identity');
  if (boundary?.length === 0) lacking.push('boundary');
  if (session?.length === 0) lacking.push('session');
  return { allowed: lacking.length === 0, explicit: false, reasons: lacking };
}

const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);

/** Statements about this action and resource whose conditions hold; principals are looked at elsewhere. */
function applying(policy: ReferencePolicy, request: ReferenceRequest): readonly ReferenceStatement[] {
  const variables = policy.Version === '2012-10-17';
  return policy.Statement.filter(({ Action, NotAction, Resource, NotResource, Condition }) => {
    const aboutAction = (patterns: unknown) =>
      list(patterns).some(pattern => wildcardLike(pattern.toLowerCase(), request.action.toLowerCase()));
    const aboutResource = (patterns: unknown) =>
      list(patterns).some(
        pattern =>
          !(variables && variableBeforeFifthColon(pattern)) &&
          arnLike(pattern, request.resource, variables, request.context),
      );
    if (Action !== undefined && !aboutAction(Action)) return false;
    if (NotAction !== undefined && aboutAction(NotAction)) return false;
    if (Resource !== undefined && !aboutResource(Resource)) return false;
    if (NotResource !== undefined && aboutResource(NotResource)) return false;
    return conditionsHold(Condition ?? {}, variables, request.context);
  });
}

/** "You can't use a variable to replace parts of the ARN before the fifth colon." */
function variableBeforeFifthColon(pattern: string): boolean {
  const at = pattern.search(/\$\{[^}]*\}/);
  return at >= 0 && pattern.slice(0, at).split(':').length <= 5;
}

type Way = 'itself' | 'behind' | 'account';

/** Every way in which the statement means the principal. */
function waysNamed({ Principal: named, NotPrincipal: spared }: ReferenceStatement, principal: Principal): Way[] {
  if (spared === undefined) return ways(named, principal);
  const found = ways(spared, principal);
  // "You must also specify the account ARN of the not-denied principal", and for a session "both the ARN for a role and
  // the ARN for the account containing that role".
  const needed: Way[] = isEveryone(spared) ? [] : identitiesOf(principal);
  return needed.every(way => found.includes(way)) && found.length > 0 ? [] : ['itself'];
}

function identitiesOf(principal: Principal): Way[] {
  switch (principal.kind) {
    case 'assumed-role':
      return ['itself', 'behind', 'account'];
    case 'federated-user':
      return principal.user === undefined ? ['itself', 'account'] : ['itself', 'behind', 'account'];
    case 'user':
      return ['itself', 'account'];
    case 'root':
      return ['account'];
    default:
      return ['itself'];
  }
}

const isEveryone = (element: unknown): boolean =>
  element === '*' || list((element as { AWS?: unknown }).AWS ?? []).includes('*');

function ways(element: unknown, principal: Principal): Way[] {
  if (isEveryone(element)) return ['itself'];
  const names = element as Readonly<Record<string, unknown>>;
  const has = (kind: string, ...wanted: readonly (string | undefined)[]) =>
    list(names[kind] ?? []).some(name => wanted.includes(name));
  if (principal.kind === 'anonymous') return [];
  if (principal.kind === 'service') return has('Service', principal.service) ? ['itself'] : [];
  if (principal.kind === 'web-identity') return has('Federated', principal.provider) ? ['itself'] : [];

  const { accountId } = principal;
  const found: Way[] = [];
  if (principal.kind !== 'root' && has('AWS', principal.arn)) found.push('itself');
  if (principal.kind === 'user' && has('AWS', principal.userId)) found.push('itself');
  if (principal.kind === 'assumed-role' && has('AWS', principal.roleArn, principal.roleId)) found.push('behind');
  if (principal.kind === 'federated-user' && principal.user && has('AWS', principal.user.arn, principal.user.userId))
    found.push('behind');
  if (has('AWS', accountId, `arn:aws:iam::${accountId}:root`)) found.push('account');
  return found;
}
