/**
 * What proves who a container is: documents signed by the platform, one a host, and certificates for servers that are not
 * ours. The world puts them where the containers of a zone find them, a volume a zone, as a machine finds them in its
 * firmware.
 */

import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWholeSync } from '@stormglass/base/whole-file';
import type { Credential } from '@stormglass/pki';
import type { AuthorityService } from '@stormglass/region/world';
import { hostName, ZONE_PARTS } from './parts.ts';

export interface IdentityDocumentsOptions {
  readonly authority: Pick<AuthorityService, 'powerOn' | 'certifyServer' | 'root'>;
  /** A folder a zone, by zone id. */
  readonly folders: ReadonlyMap<string, string>;
  readonly log: 'jetstream' | 'etcd';
  /** The region's master key for S3's objects, base64. */
  readonly objectKey: string;
  /** In ms since the epoch. */
  readonly now: number;
}

/** In the folder of each zone. */
export const OBJECT_KEY_FILE = 'object-key';

const YEAR_MS = 365 * 24 * 3_600_000;

/** Writes everything that is not there yet; identity documents are new each time. */
export async function writeIdentities(options: IdentityDocumentsOptions): Promise<void> {
  const { authority, folders, log, objectKey, now } = options;
  const servers = [log === 'etcd' ? 'etcd' : 'nats', 'redis'];
  for (const [zone, folder] of folders) {
    for (const part of ZONE_PARTS) {
      put(join(folder, `${part}.json`), JSON.stringify(authority.powerOn(zone, hostName(part, zone))));
    }
    for (const server of servers) await certify(authority, join(folder, server), hostName(server, zone), now);
    put(join(folder, OBJECT_KEY_FILE), objectKey);
    // The root comes last: whoever sees it finds the rest.
    put(join(folder, 'root.pem'), authority.root);
  }
}

/** A certificate of a server lasts a year; the same root and half a year to go make it worth keeping. */
async function certify(
  authority: IdentityDocumentsOptions['authority'],
  folder: string,
  name: string,
  now: number,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (isCurrent(folder, authority.root, now)) return;
  const { key, certificate, chain }: Credential = await authority.certifyServer(name, YEAR_MS);
  put(join(folder, 'key.pem'), key);
  put(join(folder, 'ca.pem'), authority.root);
  put(join(folder, 'cert.pem'), [certificate, ...chain].join(''));
}

function isCurrent(folder: string, root: string, now: number): boolean {
  const [cert, ca] = [join(folder, 'cert.pem'), join(folder, 'ca.pem')];
  if (!existsSync(cert) || !existsSync(ca) || readFileSync(ca, 'utf8') !== root) return false;
  return new X509Certificate(readFileSync(cert)).validToDate.getTime() > now + YEAR_MS / 2;
}

const put = (path: string, text: string): void => writeWholeSync(path, text, 0o640);
