/**
 * The alert that a refused peer gets. Node lets every handshake finish, whatever OpenSSL found wrong with the client's
 * certificate, and then closes without a word; the peer would have to guess. So the fatal alert is written here, under
 * the server's application traffic key, in the place of the first record of the connection (RFC 8446, 5.2, 6.2, 7.3).
 * It needs TLS 1.3 with TLS_AES_128_GCM_SHA256, which internal connections always use.
 */
import { createCipheriv, createHmac } from 'node:crypto';
import { TLS_ALERTS, type TlsAlert } from './peer-verification.ts';

/** What internal connections speak, and nothing else: both ends are ours. */
export const INTERNAL_TLS = {
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
  ciphers: 'TLS_AES_128_GCM_SHA256',
} as const;

const KEY_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const APPLICATION_DATA = 23;
const ALERT = 21;
const FATAL = 2;

/** The server's traffic secret in a line of Node's `keylog` event, which precedes the end of the handshake. */
export function serverTrafficSecret(line: Buffer): Buffer | undefined {
  const [label, , secret] = line.toString('latin1').trim().split(' ');
  return label === 'SERVER_TRAFFIC_SECRET_0' && secret !== undefined ? Buffer.from(secret, 'hex') : undefined;
}

/**
 * The record of a fatal alert, encrypted as the first one that the server sends after its handshake. Session tickets,
 * which OpenSSL has ready at that time, must not have been sent: they would have used up the sequence number.
 */
export function alertRecord(trafficSecret: Buffer, alert: TlsAlert): Buffer {
  const key = expandLabel(trafficSecret, 'key', KEY_BYTES);
  // The sequence number, which the IV is combined with, is zero.
  const iv = expandLabel(trafficSecret, 'iv', IV_BYTES);
  const content = Buffer.from([FATAL, TLS_ALERTS[alert], ALERT]);
  const header = Buffer.from([APPLICATION_DATA, 3, 3, 0, content.length + TAG_BYTES]);
  const cipher = createCipheriv('aes-128-gcm', key, iv).setAAD(header);
  return Buffer.concat([header, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

/** HKDF-Expand-Label of RFC 8446, 7.1, for outputs no longer than the hash. */
function expandLabel(secret: Buffer, label: string, byteCount: number): Buffer {
  const full = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, byteCount, full.length]), full, Buffer.from([0, 1])]);
  return createHmac('sha256', secret).update(info).digest().subarray(0, byteCount);
}
