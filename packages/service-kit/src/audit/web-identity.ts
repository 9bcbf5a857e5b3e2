/**
 * Who a call of `AssumeRoleWithWebIdentity` says it comes from. The token is read, not verified: the call is recorded
 * whether it is believed or not, in the account whose role it asks for ("Values for AWS STS APIs with SAML and web
 * identity federation" of the CloudTrail User Guide).
 */
import { type UserIdentity, webIdentityOf } from './user-identity.ts';

/** Undefined when the call names no role of any account. */
export function webIdentityIn(
  input: Record<string, unknown> | undefined,
  partition: string,
): { readonly identity: UserIdentity; readonly account: string; readonly user: string } | undefined {
  const account = /^arn:[^:]*:iam::(\d{12}):role\//.exec(String(input?.RoleArn ?? ''))?.[1];
  if (account === undefined) return undefined;
  const { iss, aud, sub } = claimsIn(String(input?.WebIdentityToken ?? ''));
  const issuer = textOf(iss).replace(/^https:\/\//, '');
  const provider = `arn:${partition}:iam::${account}:oidc-provider/${issuer}`;
  const subject = textOf(sub);
  return { identity: webIdentityOf({ provider, audience: textOf(aud), subject }), account, user: subject };
}

/** The claims of a JSON Web Token (RFC 7519), or none. */
function claimsIn(token: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const CLAIM_MAX = 255;

function textOf(claim: unknown): string {
  const first: unknown = Array.isArray(claim) ? claim[0] : claim;
  return typeof first === 'string' ? first.slice(0, CLAIM_MAX) : '';
}
