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
  // A hundred statements may ask the same.
  let known: Map<string, ContextValue | null> | undefined;
  return {
    get(key) {
      known ??= new Map();
      let value = known.get(key);
      if (value === undefined) known.set(key, (value = derived(facts, key) ?? facts.context.get(key) ?? null));
      return value ?? undefined;
    },
  };
}

function derived(facts: RequestFacts, key: string): ContextValue | undefined {
  const { principal } = facts;
  if (!key.startsWith('aws:')) return undefined;
  if (key.startsWith(TAG_PREFIX)) return tagValue(principal, key.slice(TAG_PREFIX.length));
  switch (key) {
    case 'aws:currenttime':
      return isoSeconds(facts.now);
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
      if (principal.kind === 'anonymous') return 'anonymous';
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
    case 'aws:principalservicenameslist':
      return principal.kind === 'service' ? [principal.service] : undefined;
    default:
      return key.startsWith('aws:calledvia') ? calledVia(facts.context, key) : sessionKey(facts, key);
  }
}

/** Times as IAM writes them, in whole seconds. */
const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** `aws:CalledViaFirst` and `aws:CalledViaLast` are the ends of the list that the services wrote. */
function calledVia(context: RequestContext, key: string): ContextValue | undefined {
  const services = context.get('aws:calledvia');
  if (services === undefined || typeof services === 'string') return services;
  switch (key) {
    case 'aws:calledviafirst':
      return services[0];
    case 'aws:calledvialast':
      return services.at(-1);
    default:
      return services;
  }
}

/** Keys that exist only for temporary credentials. */
function sessionKey({ principal, now }: RequestFacts, key: string): string | undefined {
  const session = sessionOf(principal);
  if (session === undefined) return undefined;
  switch (key) {
    case 'aws:tokenissuetime':
      return isoSeconds(session.issuedAt * 1000);
    case 'aws:sourceidentity':
      return session.sourceIdentity;
    case 'aws:federatedprovider':
      return session.federatedProvider;
    case 'aws:multifactorauthpresent':
      return session.mfaAt === undefined ? 'false' : 'true';
    case 'aws:multifactorauthage':
      return session.mfaAt === undefined ? undefined : String(Math.max(0, Math.floor(now / 1000) - session.mfaAt));
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

function principalType(principal: Principal): string | undefined {
  switch (principal.kind) {
    case 'root':
      return 'Account';
    case 'user':
      return 'User';
    case 'assumed-role':
      return 'AssumedRole';
    case 'federated-user':
      return 'FederatedUser';
    case 'web-identity':
      return undefined;
    case 'service':
      return 'AWSService';
    case 'anonymous':
      return 'Anonymous';
  }
}

function tagValue(principal: Principal, lowerKey: string): string | undefined {
  if (!('tags' in principal)) return undefined;
  for (const tag of principal.tags) if (tag.key.toLowerCase() === lowerKey) return tag.value;
  return undefined;
}
