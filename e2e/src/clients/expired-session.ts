/** A session that has ended, without waiting for its end: sealed with the region's own key, which its journal holds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '@stormglass/base';
import { sealSession } from '@stormglass/identity';
import type { TemporaryCredentials } from './client-process.ts';

/** `issuedToken` is any token of the region: it says which key is in use. */
export function expiredSession(folder: string, issuedToken: string): TemporaryCredentials {
  const id = Buffer.from(issuedToken, 'base64').toString('hex', 1, 5);
  const now = Math.floor(Date.now() / 1000);
  const claims = { subject: 'root', accountId: '000000000000', issuedAt: now - 7200, expiresAt: now - 3600 } as const;
  const sealed = sealSession([{ id, key: tokenKey(folder, id), createdAt: 0 }], claims, seededRandom(1));
  return {
    AccessKeyId: sealed.accessKeyId,
    SecretAccessKey: sealed.secretAccessKey,
    SessionToken: sealed.sessionToken,
  };
}

function tokenKey(folder: string, id: string): string {
  for (const entry of readdirSync(join(folder, 'zones'), { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.segment')) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), 'latin1');
    const key = new RegExp(`"type":"AddTokenKey","keyId":"${id}","key":"([^"]+)"`).exec(text)?.[1];
    if (key !== undefined) return key;
  }
  throw new Error(`no journal has the token key ${id}`);
}
