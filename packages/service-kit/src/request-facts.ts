/** The condition keys every request has, computed only when a policy asks for them. */
import { headerText, type WireRequest } from '@stormglass/aws-wire';
import type { ContextValue, RequestContext } from '@stormglass/identity';

export interface Origin {
  readonly remoteAddress: string;
  readonly isSecure: boolean;
}

/** `own` are the operation's condition keys, in any case. */
export function requestFacts(
  request: WireRequest,
  origin: Origin,
  region: string,
  own: Readonly<Record<string, ContextValue | undefined>> | undefined,
): RequestContext {
  let ownByName: Map<string, ContextValue | undefined> | undefined;
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
      }
      if (own === undefined) return undefined;
      ownByName ??= new Map(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]));
      return ownByName.get(key);
    },
  };
}
