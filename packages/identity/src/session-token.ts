/**
 * Temporary credentials that need no store. A session token is its own record, sealed with AES-256-GCM under a key that
 * the IAM log replicates to every zone: whoever holds the key can mint a session, and check one minted anywhere.
 *
 * Layout, before base64:  version (1) | key id (4) | flags (1) | nonce (12) | sealed claims | tag (16).
 * Header and access key id are authenticated as well, so that a token cannot be moved to another access key.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Random } from '@stormglass/base';
import { sessionKeyId } from './access-key-account.ts';
import type { Tag } from './principal.ts';
import { sealingKey } from './token-key-life.ts';

/** A sealing key as the IAM state keeps it. */
export interface TokenKey {
  /** Eight hexadecimal digits. */
  readonly id: string;
  /** 32 bytes in base64. */
  readonly key: string;
  /** Ms since the epoch, by the log. */
  readonly createdAt: number;
}

interface CommonClaims {
  readonly accountId: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly sourceIdentity?: string;
  /**
   * The region that a token of version 2 comes from. A token without one is of version 1: shorter, and it counts only
   * in the regions that are enabled by default (STS, "Session token versions").
   */
  readonly origin?: string;
}

/** What narrows a session. */
interface NarrowingClaims {
  /** Inline session policy, as text. */
  readonly policy?: string;
  readonly policyArns?: readonly string[];
  readonly tags?: readonly Tag[];
}

/** A session of a role: `AssumeRole` and its relatives. */
export interface RoleClaims extends CommonClaims, NarrowingClaims {
  readonly subject: 'role';
  readonly roleName: string;
  readonly roleId: string;
  readonly sessionName: string;
  readonly transitiveTagKeys?: readonly string[];
  /** ARN of the OIDC provider that vouched for whoever began the session. */
  readonly federatedProvider?: string;
}

/** A session of a user: `GetSessionToken`. */
export interface UserClaims extends CommonClaims {
  readonly subject: 'user';
  readonly userName: string;
  readonly userId: string;
}

/** A session of the account itself: `GetSessionToken` called by root. */
export interface RootClaims extends CommonClaims {
  readonly subject: 'root';
}

/** A guest: `GetFederationToken`, called by a user, or by root when there is no `user`. */
export interface FederatedClaims extends CommonClaims, NarrowingClaims {
  readonly subject: 'federated';
  readonly name: string;
  readonly user?: { readonly userName: string; readonly userId: string };
}

export type SessionClaims = RoleClaims | UserClaims | RootClaims | FederatedClaims;

export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export type OpenedSession =
  | { readonly ok: true; readonly claims: SessionClaims; readonly secretAccessKey: string }
  | { readonly ok: false; readonly reason: 'invalid' | 'expired' };

const VERSION = 1;
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES + 1;
const COMPRESSED = 1;

/** Short claims do not become shorter; session policies do. */
const COMPRESS_FROM_BYTES = 256;
const CLAIMS_BYTES_MAX = 64 * 1024;

/**
 * Makes credentials for `claims`, sealed with the key that is due when they are issued.
 * @param keys newest first, as `IamView.tokenKeys` returns them; at least one.
 */
export function sealSession(keys: readonly TokenKey[], claims: SessionClaims, random: Random): TemporaryCredentials {
  const key = sealingKey(keys, claims.issuedAt * 1000);
  if (key === undefined) throw new RangeError('there is no key to seal a session token with');
  const accessKeyId = sessionKeyId(random, claims.accountId);
  const plain = Buffer.from(JSON.stringify(claims));
  const compress = plain.length >= COMPRESS_FROM_BYTES;
  const header = Buffer.concat([Buffer.of(VERSION), Buffer.from(key.id, 'hex'), Buffer.of(compress ? COMPRESSED : 0)]);
  const nonce = random.bytes(NONCE_BYTES);

  const cipher = createCipheriv('aes-256-gcm', stateOf(key).sealing, nonce);
  cipher.setAAD(boundData(header, accessKeyId));
  const sealed = Buffer.concat([cipher.update(compress ? deflateRawSync(plain) : plain), cipher.final()]);
  const token = Buffer.concat([header, nonce, sealed, cipher.getAuthTag()]);
  return { accessKeyId, secretAccessKey: secretOf(key, accessKeyId), sessionToken: token.toString('base64') };
}

/**
 * Opens a token that came with `accessKeyId`. Anything not sealed by one of `keys` for this access key is `invalid`.
 * @param now ms since the epoch.
 */
export function openSession(
  keys: readonly TokenKey[],
  accessKeyId: string,
  sessionToken: string,
  now: number,
): OpenedSession {
  const session = unseal(keys, accessKeyId, sessionToken);
  if (session === undefined) return { ok: false, reason: 'invalid' };
  if (now >= session.claims.expiresAt * 1000) return { ok: false, reason: 'expired' };
  return { ok: true, claims: session.claims, secretAccessKey: session.secretAccessKey };
}

interface Unsealed {
  readonly accessKeyId: string;
  readonly claims: SessionClaims;
  readonly secretAccessKey: string;
}

function unseal(keys: readonly TokenKey[], accessKeyId: string, sessionToken: string): Unsealed | undefined {
  const token = Buffer.from(sessionToken, 'base64');
  if (token.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES || token[0] !== VERSION) return undefined;
  const keyId = token.toString('hex', 1, 1 + KEY_ID_BYTES);
  const key = keys.find(candidate => candidate.id === keyId);
  if (key === undefined) return undefined;

  const { unsealed } = stateOf(key);
  const known = unsealed.get(sessionToken);
  if (known?.accessKeyId === accessKeyId) return known;
  const claims = decrypt(key, accessKeyId, token);
  if (claims === undefined) return undefined;
  const session = { accessKeyId, claims, secretAccessKey: secretOf(key, accessKeyId) };
  if (unsealed.size >= REMEMBERED_SESSIONS_MAX) unsealed.clear();
  unsealed.set(sessionToken, session);
  return session;
}

function decrypt(key: TokenKey, accessKeyId: string, token: Buffer): SessionClaims | undefined {
  const header = token.subarray(0, HEADER_BYTES);
  const nonce = token.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', stateOf(key).sealing, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundData(header, accessKeyId));
  decipher.setAuthTag(token.subarray(-TAG_BYTES));
  try {
    const body = token.subarray(HEADER_BYTES + NONCE_BYTES, -TAG_BYTES);
    const opened = Buffer.concat([decipher.update(body), decipher.final()]);
    const plain = header[HEADER_BYTES - 1] === COMPRESSED ? inflate(opened) : opened;
    return JSON.parse(plain.toString()) as SessionClaims;
  } catch {
    // `final` throws when the tag does not fit. Why it does not is nobody's business but the forger's.
    return undefined;
  }
}

const inflate = (bytes: Buffer): Buffer => inflateRawSync(bytes, { maxOutputLength: CLAIMS_BYTES_MAX });

const boundData = (header: Buffer, accessKeyId: string): Buffer => Buffer.concat([header, Buffer.from(accessKeyId)]);

/** What is worked out from a key once, and forgotten with it. */
interface KeyState {
  /** Two uses, two keys: what seals tokens never serves to derive secrets. */
  readonly sealing: Buffer;
  readonly signing: Buffer;
  /** A client sends one token with thousands of requests; it is opened once. Only tokens that opened get here. */
  readonly unsealed: Map<string, Unsealed>;
}

const REMEMBERED_SESSIONS_MAX = 1024;
const keyStates = new WeakMap<TokenKey, KeyState>();

function stateOf(key: TokenKey): KeyState {
  const known = keyStates.get(key);
  if (known !== undefined) return known;
  const root = Buffer.from(key.key, 'base64');
  const derive = (use: string) => createHmac('sha256', root).update(`stormglass session ${use} v1`).digest();
  const state = { sealing: derive('sealing'), signing: derive('signing'), unsealed: new Map<string, Unsealed>() };
  keyStates.set(key, state);
  return state;
}

/** The secret of a temporary access key: 40 characters that anyone with the sealing key computes again. */
const secretOf = (key: TokenKey, accessKeyId: string): string =>
  createHmac('sha256', stateOf(key).signing).update(accessKeyId).digest().subarray(0, 30).toString('base64');
