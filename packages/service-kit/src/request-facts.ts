/** The condition keys every request has, computed only when a policy asks for them. */
import { headerText, type WireRequest } from '@stormglass/aws-wire';
import type { ContextValue, RequestContext } from '@stormglass/identity';
import type { ConditionKeys } from './operation.ts';
import type { Arrival } from './telemetry.ts';

/** What was agreed on for a TLS connection, as its protocol names it. */
export interface TlsFacts {
  readonly version: string;
  readonly cipherSuite: string;
}

export interface Origin {
  readonly remoteAddress: string;
  readonly isSecure: boolean;
  /** Of a secure connection, where that is known. */
  readonly tls?: TlsFacts;
  /** The span of the host that passed the request on (W3C Trace Context); else the client's own counts. */
  readonly traceparent?: string;
  /** How its connection came here, where a front door says so and this is its first request. */
  readonly arrival?: Arrival | undefined;
}

export function requestFacts(request: WireRequest, origin: Origin, region: string): RequestContext {
  return {
    get(key) {
      switch (key) {
        case 'aws:sourceip':
          return origin.remoteAddress;
        case 'aws:securetransport':
          return String(origin.isSecure);
        case 'aws:useragent':
          return headerText(request.headers, 'user-agent');
        case 'aws:referer':
          return headerText(request.headers, 'referer');
        case 'aws:requestedregion':
          return region;
        default:
          return undefined;
      }
    },
  };
}

/** `facts` and an operation's own keys, computed when a condition asks; what every request has cannot be overwritten. */
export function withKeys(facts: RequestContext, own: () => ConditionKeys | undefined): RequestContext {
  let byName: Map<string, ContextValue | undefined> | undefined;
  return {
    get(key) {
      byName ??= new Map(Object.entries(own() ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
      return facts.get(key) ?? byName.get(key);
    },
  };
}
