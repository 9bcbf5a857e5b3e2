/** The URLs of OIDC issuers: which of them an account may trust, and the ARN that follows from one. */

export interface OidcIssuer {
  /** As it was given, scheme included. */
  readonly url: string;
  /** Without the scheme: how IAM shows it, how its ARN ends, and what condition keys of its tokens begin with. */
  readonly name: string;
}

const LOOPBACK = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/;

/**
 * The issuer in a URL, or undefined when nobody may trust it: it must be `https`, have no user, query or fragment, and
 * be no longer than 255 characters. An issuer on this machine may speak plain `http`.
 */
export function oidcIssuer(text: string): OidcIssuer | undefined {
  const parsed = text.length <= 255 && URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined || !(parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopback(parsed))))
    return undefined;
  const name = text.slice(parsed.protocol.length + '//'.length);
  // No user, query, fragment or white space; and an ARN shows it as it is.
  return /^[A-Za-z0-9.[\]:][A-Za-z0-9._~:/%[\]-]*$/.test(name) ? { url: text, name } : undefined;
}

/** ARN of the provider that an account has for an issuer. */
export const oidcProviderArn = (partition: string, accountId: string, { name }: OidcIssuer): string =>
  `arn:${partition}:iam::${accountId}:oidc-provider/${name}`;

/** An issuer without its scheme. */
export const issuerName = (url: string): string => url.slice(url.indexOf('://') + '://'.length);

const isLoopback = (url: URL): boolean => LOOPBACK.test(url.hostname);
