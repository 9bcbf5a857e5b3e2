/**
 * Who a web identity token speaks for, once it has been verified: issuer, signature, time and audience ("Identity providers
 * and federation" of the IAM User Guide, "Create an OpenID Connect identity provider in IAM").
 */
import { issuerName, type OidcProviderRecord, type Tag } from '@stormglass/identity';
import type { IamReplica } from '@stormglass/service-kit';
import {
  identityTokenExpired,
  invalidIdentityToken,
  noProvider,
  noVerificationKey,
  providerUnreachable,
} from '../errors.ts';
import { IssuerUnreachable } from './issuer-fetch.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import { isKnownAlgorithm, isSignedBy, type JsonWebToken, parseToken } from './json-web-token.ts';
import { tagsIn } from './token-tags.ts';

export interface WebIdentity {
  readonly provider: OidcProviderRecord;
  readonly subject: string;
  /** The audience that counts: `azp` where a token has one, else the audiences that the account expects. */
  readonly audience: readonly string[];
  /** Audiences beside `azp`. */
  readonly originalAudience: readonly string[] | undefined;
  readonly methods: readonly string[] | undefined;
  readonly email: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly tags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
}

/** Clocks differ. */
const SKEW_SECONDS = 300;
const SOURCE_IDENTITY = 'https://aws.amazon.com/source_identity';

/**
 * @param accountId the account whose role is asked for: it must know the issuer
 * @param now ms since the epoch
 * @throws AwsError `InvalidIdentityToken`, `ExpiredTokenException`, `IDPCommunicationError`
 */
export async function verifyWebIdentity(
  text: string,
  accountId: string,
  { iam, keys, now }: { readonly iam: IamReplica; readonly keys: IssuerKeys; readonly now: number },
): Promise<WebIdentity> {
  const token = parseToken(text);
  if (token === undefined)
    throw invalidIdentityToken(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  const issuer = required(token, 'iss');
  const provider = await providerOf(iam, accountId, issuer);
  await checkSignature(token, provider, keys);
  checkTimes(token, now);
  const { claims } = token;
  return {
    provider,
    subject: required(token, 'sub'),
    ...audiencesOf(token, provider),
    methods: textsIn(claims.amr),
    email: typeof claims.email === 'string' ? claims.email : undefined,
    sourceIdentity: sourceIdentityIn(claims),
    ...tagsIn(claims),
  };
}

/** The account's provider for an issuer; it may have been made in another zone a moment ago. */
async function providerOf(iam: IamReplica, accountId: string, issuer: string): Promise<OidcProviderRecord> {
  const name = issuer.includes('://') ? issuerName(issuer) : issuer;
  const find = () => iam.view.oidcProvider(`arn:${iam.view.partition}:iam::${accountId}:oidc-provider/${name}`);
  if (find() === undefined) await iam.catchUp().catch(() => {});
  const provider = find();
  if (provider?.issuer !== issuer) throw noProvider(issuer);
  return provider;
}

async function checkSignature(token: JsonWebToken, provider: OidcProviderRecord, keys: IssuerKeys): Promise<void> {
  if (!isKnownAlgorithm(token.algorithm))
    throw invalidIdentityToken(`The algorithm ${token.algorithm.slice(0, 20)} of the token is not supported`);
  const candidates = await keys.keysFor(provider, token).catch((error: unknown) => {
    if (error instanceof IssuerUnreachable) throw providerUnreachable(provider.issuer, error);
    throw noVerificationKey(error);
  });
  if (!candidates.some(key => isSignedBy(token, key))) throw invalidIdentityToken('Token signature invalid');
}

function checkTimes({ claims }: JsonWebToken, now: number): void {
  const nowSeconds = Math.floor(now / 1000);
  const expiresAt = timeIn(claims, 'exp');
  if (nowSeconds >= expiresAt) throw identityTokenExpired(nowSeconds, expiresAt);
  for (const name of ['iat', 'nbf'] as const) {
    if (name === 'nbf' && claims.nbf === undefined) continue;
    if (timeIn(claims, name) > nowSeconds + SKEW_SECONDS)
      throw invalidIdentityToken(`Token is not valid yet: its ${name} is in the future`);
  }
}

function timeIn(claims: JsonWebToken['claims'], name: string): number {
  const value = claims[name];
  if (value === undefined) throw missing(name);
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalidIdentityToken(`Invalid claim: ${name}`);
  return value;
}

/** A token for several parties is for the one it was given to (OpenID Connect Core 1.0, 2: `azp`). */
function audiencesOf(
  { claims }: JsonWebToken,
  { clientIds }: OidcProviderRecord,
): Pick<WebIdentity, 'audience' | 'originalAudience'> {
  const all = textsIn(claims.aud);
  if (all === undefined || all.length === 0) throw missing('aud');
  const party = typeof claims.azp === 'string' ? claims.azp : undefined;
  const audience = (party === undefined ? all : [party]).filter(each => clientIds.includes(each));
  if (audience.length === 0) throw invalidIdentityToken('Incorrect token audience');
  return { audience, originalAudience: party === undefined ? undefined : all };
}

function required({ claims }: JsonWebToken, name: string): string {
  const value = claims[name];
  if (value === undefined || value === '') throw missing(name);
  if (typeof value !== 'string' || value.length > CLAIM_LENGTH_MAX)
    throw invalidIdentityToken(`Invalid claim: ${name}`);
  return value;
}

const CLAIM_LENGTH_MAX = 255;

function sourceIdentityIn(claims: JsonWebToken['claims']): string | undefined {
  const source = claims[SOURCE_IDENTITY];
  if (source === undefined || (typeof source === 'string' && /^[\w+=,.@-]{2,64}$/.test(source))) return source;
  throw invalidIdentityToken(`Invalid claim: ${SOURCE_IDENTITY}`);
}

const missing = (claim: string) => invalidIdentityToken(`Missing a required claim: ${claim}`);

/** A text or a list of texts. */
function textsIn(value: unknown): readonly string[] | undefined {
  const all: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const texts = all.filter(each => typeof each === 'string');
  return texts.length === 0 ? undefined : texts;
}
