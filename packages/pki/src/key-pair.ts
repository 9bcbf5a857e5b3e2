/** Private keys: P-256, as PKCS #8 in PEM. A private key never leaves the process and the disk it was made on. */
import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

/** A fresh P-256 private key as PEM. */
export async function newPrivateKey(): Promise<string> {
  const { privateKey } = await generate('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The public half of a private or public key, as SPKI in PEM. */
export const publicKeyPem = (key: string | KeyObject): string =>
  createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
