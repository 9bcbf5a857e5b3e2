/** The authority's own books: what it issues, revokes, forgets, and finds again on its disk. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom, silentLogger } from '@stormglass/base';
import { SimClock } from '@stormglass/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { authorityFolder, memoryDisk } from './authority-disk.ts';
import { CertificateAuthority, UnknownCertificate } from './certificate-authority.ts';
import { newPrivateKey, publicKeyPem } from './key-pair.ts';
import { MalformedRequest, readSigningRequest } from './x509.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stormglass-pki-'));
  folders.push(folder);
  return folder;
}

const YEAR_MS = 365 * 24 * 3_600_000;

async function openAuthority(disk = memoryDisk(), clock = new SimClock(), seed = 1) {
  const options = { partition: 'aws', region: 'us-east-1', disk, clock, random: seededRandom(seed) };
  return { authority: await CertificateAuthority.open({ ...options, logger: silentLogger }), clock, disk };
}

async function request(requestId: string, notAfter: number) {
  const publicKey = publicKeyPem(await newPrivateKey());
  const names = [{ type: 'dns', value: 'web.example' } as const];
  return { commonName: 'web', names, publicKey, use: 'server' as const, notAfter, holder: 'test', requestId };
}

describe('a certificate authority', () => {
  it('issues chains that lead to its root', async () => {
    const { authority, clock } = await openAuthority();
    const issued = await authority.issue(await request('a', clock.now() + 3_600_000));
    const leaf = new X509Certificate(issued.certificate);
    const intermediate = new X509Certificate(issued.chain[0]!);
    const root = new X509Certificate(authority.root);
    expect(leaf.checkIssued(intermediate) && leaf.verify(intermediate.publicKey)).toBe(true);
    expect(intermediate.checkIssued(root) && intermediate.verify(root.publicKey)).toBe(true);
    expect(leaf.subjectAltName).toBe('DNS:web.example');
    expect(leaf.ca).toBe(false);
    expect(leaf.serialNumber).toBe(issued.serial);
  });

  it('takes the root of another region of its partition, and keeps it', async () => {
    const { authority: first, disk: sibling, clock } = await openAuthority();
    const disk = memoryDisk();
    const options = { partition: 'aws', region: 'eu-west-1', disk, clock, random: seededRandom(2) };
    const open = (siblings = [sibling]) => CertificateAuthority.open({ ...options, siblings, logger: silentLogger });
    const second = await open([memoryDisk(), sibling]);
    expect(second.root).toBe(first.root);
    expect(second.intermediate).not.toBe(first.intermediate);
    const root = new X509Certificate(first.root);
    expect(new X509Certificate(second.intermediate).verify(root.publicKey)).toBe(true);
    expect((await open([memoryDisk()])).root).toBe(first.root);
  });

  it('gives every attempt of one request the same certificate', async () => {
    const { authority, clock } = await openAuthority();
    const same = await request('a', clock.now() + 3_600_000);
    const [first, second] = await Promise.all([authority.issue(same), authority.issue(same)]);
    expect(second.serial).toBe(first.serial);
    expect((await authority.issue(same)).serial).toBe(first.serial);
    expect(authority.issued).toHaveLength(1);
  });

  it('finds everything again on its disk, whatever became of the last line', async () => {
    const folder = temporaryFolder();
    const { authority, clock } = await openAuthority(authorityFolder(folder));
    const kept = await authority.issue(await request('a', clock.now() + 3_600_000));
    const gone = await authority.issue(await request('b', clock.now() + 3_600_000));
    authority.revoke(gone.serial, 'superseded');
    authorityFolder(folder).append('ledger.jsonl', '{"kind":"iss');
    const again = (await openAuthority(authorityFolder(folder), clock, 2)).authority;
    expect(again.root).toBe(authority.root);
    expect(again.find(kept.serial)).toEqual(kept);
    expect(again.trust().revoked).toEqual([gone.serial]);
    const once = (await openAuthority(authorityFolder(folder), clock, 3)).authority;
    expect(once.issued).toEqual(again.issued);
  });

  it('forgets a certificate a month after its end, and drops it from the revoked ones at its end', async () => {
    const { authority, clock, disk } = await openAuthority();
    const issued = await authority.issue(await request('a', clock.now() + 3_600_000));
    authority.revoke(issued.serial, 'keyCompromise');
    await clock.run(clock.monotonic() + 3_600_001);
    expect(authority.trust().revoked).toEqual([]);
    expect(authority.find(issued.serial).serial).toBe(issued.serial);
    await clock.run(clock.monotonic() + 31 * 24 * 3_600_000);
    const later = (await openAuthority(disk, clock, 2)).authority;
    expect(() => later.find(issued.serial)).toThrow(UnknownCertificate);
  });

  it('rotates its intermediate: new certificates come from the new one, old ones stay', async () => {
    const { authority, clock } = await openAuthority();
    const old = await authority.issue(await request('a', clock.now() + 3_600_000));
    await authority.rotate();
    const fresh = await authority.issue(await request('b', clock.now() + 3_600_000));
    expect(authority.generation).toBe(2);
    expect(fresh.chain).toEqual([authority.intermediate]);
    expect(authority.find(old.serial).chain).toEqual(old.chain);
    expect(old.chain).not.toEqual(fresh.chain);
  });

  it('issues nothing that outlives its issuer', async () => {
    const { authority, clock } = await openAuthority();
    const issued = await authority.issue(await request('a', clock.now() + 2 * YEAR_MS));
    expect(issued.notAfter).toBe(new X509Certificate(authority.intermediate).validToDate.getTime());
  });

  it('signs revocation lists, one for each intermediate', async () => {
    const { authority, clock } = await openAuthority();
    const issued = await authority.issue(await request('a', clock.now() + 3_600_000));
    authority.revoke(issued.serial, 'keyCompromise');
    await authority.rotate();
    const lists = await authority.revocationLists();
    expect(lists.match(/BEGIN X509 CRL/g)).toHaveLength(2);
  });

  it('refuses to revoke what it never issued', async () => {
    const { authority } = await openAuthority();
    expect(() => authority.revoke('ABCD', 'unspecified')).toThrow(UnknownCertificate);
  });
});

describe('signing requests', () => {
  it('are refused when they are not requests', async () => {
    await expect(
      readSigningRequest('-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----'),
    ).rejects.toThrow(MalformedRequest);
    await expect(readSigningRequest('nothing')).rejects.toThrow(MalformedRequest);
  });
});
