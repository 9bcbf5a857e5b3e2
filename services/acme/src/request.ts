/**
 * From an HTTP request to who asks for what (RFC 8555, 6.2 to 6.5). The nonce goes through the log before anything else
 * is looked at: it works once in the whole region, and what is decided after it sees all that was acknowledged before.
 */
import { LogUnavailable } from '@stormglass/replicated-state';
import type { AcmeOptions } from './deps.ts';
import { type AccountKey, accountKey, type ParsedJws, parseJson, parseJws, record, verifyJws } from './protocol/jws.ts';
import { openNonce } from './protocol/nonces.ts';
import { AcmeProblem, malformed, refused, unauthorized, unavailable } from './protocol/problem.ts';
import type { AcmeCommand } from './state/commands.ts';
import type { AccountRecord } from './state/records.ts';

/** Whose key signs a request: a new one that it carries, that of an account, or either. */
export type SignedBy = 'jwk' | 'kid' | 'either';

export interface SignedRequest {
  readonly key: AccountKey;
  /** Whose key it is, if the request named an account. */
  readonly account: AccountRecord | undefined;
  /** Undefined for POST-as-GET. */
  readonly payload: Readonly<Record<string, unknown>> | undefined;
}

export interface RawRequest {
  /** Where answers say that things are: `https://host/_stormglass/acme`. */
  readonly base: string;
  /** Where the request went, as the client wrote it. */
  readonly url: string;
  readonly body: string;
}

/**
 * Reads and verifies a signed request.
 * @throws AcmeProblem
 */
export async function authenticate(raw: RawRequest, by: SignedBy, options: AcmeOptions): Promise<SignedRequest> {
  const parsed = parseJws(parseJson(raw.body));
  const { kid, jwk, url, nonce } = parsed.header;
  if ((by === 'jwk' && jwk === undefined) || (by === 'kid' && kid === undefined)) {
    throw malformed(`This request is signed with ${by === 'jwk' ? 'a jwk, not a kid' : 'a kid, not a jwk'}.`);
  }
  if (url !== raw.url) throw unauthorized(`The request went to ${raw.url}, and is signed for another url.`);
  await useNonce(nonce, options);
  const account = kid === undefined ? undefined : accountOf(kid, raw.base, options);
  const key = account ?? (await accountKey(jwk!));
  const payload = payloadOf(await verifyJws(parsed, key));
  if (account !== undefined && account.status !== 'valid') throw unauthorized('The account is deactivated.');
  return { key, account, payload };
}

/**
 * Reads and verifies the request inside a request for a new key (RFC 8555, 7.3.5).
 * @throws AcmeProblem
 */
export async function authenticateInner(
  payload: SignedRequest['payload'],
  url: string,
): Promise<Pick<SignedRequest, 'key' | 'payload'>> {
  const parsed: ParsedJws = parseJws(payload);
  const { jwk, nonce } = parsed.header;
  if (jwk === undefined) throw malformed('The inner JWS must be signed with a jwk.');
  if (nonce !== undefined) throw malformed('The inner JWS must have no nonce.');
  if (parsed.header.url !== url) throw malformed('The inner JWS is signed for another url.');
  const key = await accountKey(jwk);
  return { key, payload: payloadOf(await verifyJws(parsed, key)) };
}

/**
 * Puts a command into the log. A refusal is a problem.
 * @throws AcmeProblem
 */
export async function execute(
  command: AcmeCommand,
  { replica, clock, deadlineMs }: AcmeOptions,
): Promise<{ readonly id: string; readonly created: boolean }> {
  try {
    const result = await replica.execute(command, { deadline: clock.monotonic() + deadlineMs });
    if (result.ok) return result;
    throw refused(result.problem);
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error;
    throw unavailable('The replicated log of ACME does not confirm writes at the moment.', error);
  }
}

async function useNonce(nonce: string | undefined, options: AcmeOptions): Promise<void> {
  const { nonceKey } = options.replica.view;
  if (nonceKey === undefined) throw unavailable('No zone has been able to make a key for nonces yet.');
  const madeAt = nonce === undefined ? undefined : openNonce(nonceKey, nonce);
  if (nonce === undefined || madeAt === undefined) throw new AcmeProblem('badNonce', 'The nonce is none of ours.');
  await execute({ type: 'UseNonce', nonce, madeAt }, options);
}

function accountOf(kid: string, base: string, { replica }: AcmeOptions): AccountRecord {
  const prefix = `${base}/account/`;
  const account = kid.startsWith(prefix) ? replica.view.account(kid.slice(prefix.length)) : undefined;
  if (account === undefined) throw new AcmeProblem('accountDoesNotExist', 'There is no such account.');
  return account;
}

function payloadOf(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  if (bytes.length === 0) return undefined;
  const payload = record(parseJson(bytes.toString()));
  if (payload === undefined) throw malformed('The payload is not an object.');
  return payload;
}
