/**
 * Access key ids of sessions. They say whose account they belong to, as those of AWS do, so that `GetAccessKeyInfo` can
 * tell without a store: eight base-32 characters of account id, and eight of chance.
 */
import { BASE32, iamId, type Random } from '@stormglass/base';

const ACCOUNT_CHARACTERS = 8;
const SESSION_KEY = /^ASIA([A-Z2-7]{8})[A-Z2-7]{8}$/;

/** A new access key id of a session in an account of twelve digits. */
export function sessionKeyId(random: Random, accountId: string): string {
  let rest = BigInt(accountId);
  let encoded = '';
  for (let i = 0; i < ACCOUNT_CHARACTERS; i++) {
    encoded = BASE32[Number(rest & 31n)]! + encoded;
    rest >>= 5n;
  }
  return `ASIA${encoded}${iamId(random, 'ASIA').slice(-ACCOUNT_CHARACTERS)}`;
}

/** The account in the access key id of a session; undefined when it is none. */
export function accountOfSessionKey(accessKeyId: string): string | undefined {
  const encoded = SESSION_KEY.exec(accessKeyId)?.[1];
  if (encoded === undefined) return undefined;
  let value = 0n;
  for (const character of encoded) value = (value << 5n) | BigInt(BASE32.indexOf(character));
  const accountId = value.toString().padStart(12, '0');
  return accountId.length === 12 ? accountId : undefined;
}
