/**
 * Encoded authorization messages: what a refused caller gets in place of an explanation, because policies and the facts
 * of a request may be none of his business. Sealed like session tokens, so that any zone can open them again for those
 * who may call sts:DecodeAuthorizationMessage. The form of the message is that of the STS API Reference,
 * "DecodeAuthorizationMessage".
 *
 * Layout, before base64url:  version (1) | key id (4) | nonce (12) | sealed, deflated JSON | tag (16).
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Random } from '@stormglass/base';
import type { Decision } from './policy-evaluator.ts';
import { hasAccount, type Principal, principalName } from './principal.ts';
import type { TokenKey } from './session-token.ts';
import { sealingKey } from './token-key-life.ts';

export interface DeniedCall {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** Ms since the epoch. */
  readonly now: number;
}

const VERSION = 1;
const KEY_ID_BYTES = 4;
const HEADER_BYTES = 1 + KEY_ID_BYTES;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MESSAGE_BYTES_MAX = 64 * 1024;
const READABLE_MS = 24 * 3_600_000;

interface Sealed {
  readonly accountId: string;
  readonly at: number;
  readonly message: object;
}

/**
 * Encodes why a call was refused, for the account of whoever made it.
 * @param keys newest first; undefined comes back when there is none
 */
export function sealAuthorizationMessage(
  keys: readonly TokenKey[],
  denied: DeniedCall,
  decision: Decision & { readonly allowed: false },
  random: Random,
): string | undefined {
  const { principal, now } = denied;
  const key = sealingKey(keys, now);
  if (key === undefined || !hasAccount(principal)) return undefined;
  const sealed: Sealed = { accountId: principal.accountId, at: now, message: messageOf(denied, decision) };
  const header = Buffer.concat([Buffer.of(VERSION), Buffer.from(key.id, 'hex')]);
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', messageKey(key), nonce);
  cipher.setAAD(header);
  const body = Buffer.concat([cipher.update(deflateRawSync(JSON.stringify(sealed))), cipher.final()]);
  return Buffer.concat([header, nonce, body, cipher.getAuthTag()]).toString('base64url');
}

/**
 * The message as JSON; undefined for anything that was not sealed for this account within the last day.
 * @param now ms since the epoch
 */
export function openAuthorizationMessage(
  keys: readonly TokenKey[],
  encoded: string,
  accountId: string,
  now: number,
): string | undefined {
  const bytes = Buffer.from(encoded, 'base64url');
  if (bytes.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES || bytes[0] !== VERSION) return undefined;
  const keyId = bytes.toString('hex', 1, HEADER_BYTES);
  const key = keys.find(({ id }) => id === keyId);
  const opened = key && decrypt(key, bytes);
  if (opened === undefined || opened.accountId !== accountId || now >= opened.at + READABLE_MS) return undefined;
  return JSON.stringify(opened.message);
}

function decrypt(key: TokenKey, bytes: Buffer): Sealed | undefined {
  const nonce = bytes.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', messageKey(key), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(bytes.subarray(0, HEADER_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const body = bytes.subarray(HEADER_BYTES + NONCE_BYTES, -TAG_BYTES);
    const plain = Buffer.concat([decipher.update(body), decipher.final()]);
    return JSON.parse(inflateRawSync(plain, { maxOutputLength: MESSAGE_BYTES_MAX }).toString()) as Sealed;
  } catch {
    return undefined;
  }
}

/** A use of its own, a key of its own: no session token is ever a message, nor a message a token. */
const messageKey = ({ key }: TokenKey): Buffer =>
  createHmac('sha256', Buffer.from(key, 'base64')).update('stormglass authorization message v1').digest();

function messageOf({ principal, action, resource }: DeniedCall, { explicit }: Decision & { allowed: false }): object {
  const name = principalName(principal);
  const id = hasAccount(principal) ? principal.userId : name;
  return {
    allowed: false,
    explicitDeny: explicit,
    matchedStatements: { items: [] },
    failures: { items: [] },
    context: {
      principal: { id, name: name.slice(name.lastIndexOf('/') + 1), arn: name },
      action,
      resource,
      conditions: { items: [] },
    },
  };
}
