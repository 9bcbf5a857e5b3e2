/**
 * The global condition keys that follow from the principal and the moment of the request. They are computed when a
 * condition asks, so that policies without conditions cost nothing.
 */
import { hasAccount, type Principal, type SessionFacts } from './principal.ts';
import type { ContextValue, RequestContext } from './request-context.ts';

export interface RequestFacts {
  readonly principal: Principal;
  readonly resourceAccount: string;
  /** Ms since the epoch. */
  readonly now: number;
  /** What the service knows: its own keys, `aws:SourceIp`, `aws:RequestTag/...`, `aws:RequestedRegion`, ... */
  readonly context: RequestContext;
}

const TAG_PREFIX = 'aws:principaltag/';

/** The keys of `facts`. What follows from the principal wins over the service's own values: nobody can pretend. */
export function principalContext(facts: RequestFacts): RequestContext {
  return { get: key => derived(facts, key) ?? facts.context.get(key) };
}

function derived(facts: RequestFacts, key: string): ContextValue | undefined {
  const { principal } = facts;
  if (!key.startsWith('aws:')) return undefined;
  if (key.startsWith(TAG_PREFIX)) return tagValue(principal, key.slice(TAG_PREFIX.length));
  switch (key) {
    case 'aws:currenttime':
      return new Date(facts.now).toISOString();
    case 'aws:epochtime':
      return String(Math.floor(facts.now / 1000));
    case 'aws:resourceaccount':
      return facts.resourceAccount;
    case 'aws:principaltype':
      return principalType(principal);
    case 'aws:principalarn':
      return principalArn(principal);
    case 'aws:principalaccount':
      return hasAccount(principal) ? principal.accountId : undefined;
    case 'aws:userid':
      return hasAccount(principal) ? principal.userId : undefined;
    case 'aws:username':
      // A role session has no user name: `${aws:username}` matches nothing for it, as in IAM.
      return principal.kind === 'user' ? principal.userName : undefined;
    case 'aws:principalisawsservice':
      return principal.kind === 'service' ? 'true' : 'false';
    case 'aws:viaawsservice':
      // Present in every request; a service that passes a caller's request on says so itself.
      return facts.context.get(key) ?? 'false';
    case 'aws:principalservicename':
      return principal.kind === 'service' ? principal.service : undefined;
    default:
      return sessionKey(sessionOf(principal), key);
  }
}

/** Keys that exist only for temporary credentials. */
function sessionKey(session: SessionFacts | undefined, key: string): string | undefined {
  if (session === undefined) return undefined;
  switch (key) {
    case 'aws:tokenissuetime':
      return new Date(session.issuedAt * 1000).toISOString();
    case 'aws:sourceidentity':
      return session.sourceIdentity;
    case 'aws:multifactorauthpresent':
      return 'false';
    default:
      return undefined;
  }
}

const sessionOf = (principal: Principal): SessionFacts | undefined =>
  hasAccount(principal) ? principal.session : undefined;

/** For a session this is the role, so that one condition covers all its sessions. */
function principalArn(principal: Principal): string | undefined {
  if (principal.kind === 'assumed-role') return principal.roleArn;
  return hasAccount(principal) ? principal.arn : undefined;
}

function principalType(principal: Principal): string {
  switch (principal.kind) {
    case 'root':
      return 'Account';
    case 'user':
      return 'User';
    case 'assumed-role':
      return 'AssumedRole';
    case 'service':
      return 'AWSService';
    case 'anonymous':
      return 'Anonymous';
  }
}

function tagValue(principal: Principal, lowerKey: string): string | undefined {
  if (principal.kind !== 'user' && principal.kind !== 'assumed-role') return undefined;
  for (const tag of principal.tags) if (tag.key.toLowerCase() === lowerKey) return tag.value;
  return undefined;
}
