/**
 * Certificates in a running region: who is let in on internal ports and what the others are told, what an absent
 * authority costs and whom, revocation, a wrong clock, and a change of the intermediate under load.
 */
import { execFile } from 'node:child_process';
import { promises as dns } from 'node:dns';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateRoleCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { sleep, systemClock } from '@stormglass/base';
import type { ZoneStatus } from '@stormglass/contracts';
import { type Credential, identityUri, newPrivateKey, publicKeyPem, writeCertificate } from '@stormglass/pki';
import { testAuthority, testIdentity } from '@stormglass/pki/testing';
import { until } from '@stormglass/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keep } from './chaos/history-file.ts';
import { percentile } from './chaos/open-loop.ts';
import { accountCredentials, SdkLoad } from './chaos/sdk-load.ts';
import { RegionUnderTest } from './region-under-test.ts';

const ZONES = ['use1-az1', 'use1-az2', 'use1-az3'];
const PATIENCE_MS = 60_000;
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});

let region: RegionUnderTest;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stormglass-certificates-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const zoneStatus = async (id: string): Promise<ZoneStatus> =>
  (await region.world.status()).zones.find(zone => zone.id === id)!;

const certificateState = async (id: string) => (await zoneStatus(id)).certificates?.host.state;

const hostCredential = (zone: string): Credential =>
  JSON.parse(readFileSync(join(region.folder, 'zones', zone, 'certificates', 'host.json'), 'utf8')) as Credential;

const run = promisify(execFile);
let files = 0;

/** What `openssl s_client` hears on an internal port when it shows this certificate: an alert's number, or `accepted`. */
async function knock(port: number, credential: Credential | undefined): Promise<string> {
  const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-CAfile', join(region.folder, 'ca.pem'), '-ign_eof'];
  if (credential !== undefined) {
    const file = join(folder, `${files++}.pem`);
    writeFileSync(file, [credential.key, credential.certificate].join(''));
    writeFileSync(`${file}.chain`, credential.chain.join(''));
    args.push('-cert', file, '-cert_chain', `${file}.chain`, '-key', file);
  }
  const talk = run('openssl', args, { timeout: 10_000 });
  talk.child.stdin?.end('GET /replicas HTTP/1.1\r\nhost: zone\r\nconnection: close\r\n\r\n');
  const { stdout, stderr } = await talk.catch((error: { stdout: string; stderr: string }) => error);
  const alert = /SSL alert number (\d+)/.exec(stderr)?.[1];
  if (alert !== undefined) return `alert ${alert}`;
  return stdout.includes('HTTP/1.1 200') ? 'accepted' : `neither: ${stderr.slice(-300)}`;
}

/** Internal ports, found as the region's own parts find them. */
async function internalPorts(): Promise<Record<'zone' | 'log', number>> {
  const resolver = new dns.Resolver();
  resolver.setServers([(await zoneStatus('use1-az1')).dns]);
  const port = async (name: string) => (await resolver.resolveSrv(name))[0]!.port;
  return {
    zone: await port('_internal._tcp.use1-az1.us-east-1.stormglass.internal'),
    log: await port('_log._tcp.us-east-1.stormglass.internal'),
  };
}

/** A certificate of the region's own authority, with the dates we like: only somebody with its key can make one. */
async function forged(notBefore: number, notAfter: number): Promise<Credential> {
  const stored = readFileSync(join(region.folder, 'certificate-authority', 'authority.json'), 'utf8');
  const signer = (JSON.parse(stored) as { intermediates: { certificate: string; key: string }[] }).intermediates.at(
    -1,
  )!;
  const key = await newPrivateKey();
  const uri = identityUri({ partition: 'aws', region: 'us-east-1', zone: 'use1-az2', role: 'host' });
  const names = [{ type: 'url', value: uri } as const];
  const request = { serial: '5A', commonName: 'forged', names, publicKey: publicKeyPem(key), notBefore, notAfter };
  const certificate = await writeCertificate({ ...request, use: 'server-and-client' }, signer);
  return { key, certificate, chain: [signer.certificate] };
}

const createUser = async (endpoint: string, attempts: number): Promise<string> => {
  const credentials = accountCredentials('000000000000');
  const client = new IAMClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: attempts });
  try {
    await client.send(new CreateUserCommand({ UserName: `user-${performance.now()}` }));
    return 'created';
  } catch (error) {
    return (error as Error).name;
  } finally {
    client.destroy();
  }
};

/** Whatever a test left broken is mended before the next one. */
async function mended(): Promise<void> {
  await region.world.clearFaults();
  await settled('every zone is well', async () => {
    const { zones } = await region.world.status();
    return zones.every(({ log, certificates }) => log === 'ok' && certificates?.host.state === 'ok');
  });
}

const settled = (what: string, fact: () => Promise<boolean>) => until(what, fact, PATIENCE_MS);

describe('with certificates that live a day', () => {
  afterEach(mended);
  beforeAll(async () => {
    region = await RegionUnderTest.start();
  });
  afterAll(() => region?.close());

  it('internal ports refuse with the right alert whoever is not a host of this partition', async () => {
    const now = Date.now();
    const alien = await testIdentity(await testAuthority('aws-cn'));
    for (const port of Object.values(await internalPorts())) {
      expect(await knock(port, undefined)).toBe('alert 116');
      expect(await knock(port, alien.credential)).toBe('alert 48');
      expect(await knock(port, await forged(now - 120_000, now - 60_000))).toBe('alert 45');
    }
    const { zone } = await internalPorts();
    expect(await knock(zone, hostCredential('use1-az2'))).toBe('accepted');
  });

  it('a revoked host is out within seconds, everywhere, and back when the ban is lifted', async () => {
    const { zone, log } = await internalPorts();
    const stolen = hostCredential('use1-az3');
    const { id } = await region.world.addFault({ fault: 'certificate-revoked', zone: 'use1-az3' });
    const startedAt = performance.now();
    expect(await knock(log, stolen)).toBe('alert 44');
    await settled('az1 refuses the host of az3', async () => (await knock(zone, stolen)) === 'alert 44');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await settled('az3 knows', async () => (await certificateState('use1-az3')) === 'revoked');
    await settled('az3 has lost its log', async () => (await zoneStatus('use1-az3')).log === 'no-quorum');
    expect((await region.command('doctor')).stdout).toContain('use1-az3: host certificate revoked');
    expect(await createUser(await region.endpoint(), 3)).toBe('created');
    await region.world.clearFaults(id);
    await settled('az3 is back', async () => (await zoneStatus('use1-az3')).log === 'ok');
    expect(await certificateState('use1-az3')).toBe('ok');
  });

  it.each(['certificate-expired', 'clock-skew'])('%s takes exactly its zone out, visibly, and heals', async fault => {
    // A clock that is two days ahead is behind every certificate's end.
    const settings = fault === 'clock-skew' ? { settings: { skewMs: 48 * 3_600_000 } } : {};
    const { id } = await region.world.addFault({ fault, zone: 'use1-az2', ...settings });
    await settled('az2 sees its certificate ended', async () => (await certificateState('use1-az2')) === 'expired');
    await settled(
      'az2 has lost its log',
      async () => fault === 'clock-skew' || (await zoneStatus('use1-az2')).log === 'no-quorum',
    );
    for (const zone of ['use1-az1', 'use1-az3']) expect(await certificateState(zone)).toBe('ok');
    expect(await createUser(await region.endpoint(), 3)).toBe('created');
    await region.world.clearFaults(id);
    await settled('az2 is back', async () => {
      const { log, certificates } = await zoneStatus('use1-az2');
      return log === 'ok' && certificates?.host.state === 'ok';
    });
  });

  it('the intermediate changes while 500 calls a second flow over TLS: none fails', async () => {
    const endpoint = (await region.endpoint()).replace('http:', 'https:');
    const ca = readFileSync(join(region.folder, 'ca.pem'), 'utf8');
    const requestHandler = { httpsAgent: new Agent({ ca, keepAlive: true, maxSockets: 50 }) };
    const account = '300000000001';
    const credentials = accountCredentials(account);
    const iam = new IAMClient({ endpoint, region: 'us-east-1', credentials, requestHandler });
    await iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: TRUST }));
    const load = new SdkLoad(() => ({ endpoint, requestHandler }), account, 'reader');
    const before = new Set((await region.world.certificates()).map(({ serial }) => serial));
    load.start(500);
    await sleep(systemClock, 2000);
    await region.world.rotateAuthority();
    const renewed = async () => {
      const fresh = (await region.world.certificates()).filter(({ serial }) => !before.has(serial));
      return new Set(fresh.map(({ holder }) => holder)).size;
    };
    await settled('every host has certificates of the new intermediate', async () => (await renewed()) === 7);
    await sleep(systemClock, 2000);
    await load.stop();
    keep('rotation', { calls: load.records.length, p99Ms: percentile(load.records, 0.99) });
    expect(load.records.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(load.records.length).toBeGreaterThan(2000);
    iam.destroy();
  });
});

describe('with certificates that live 24 seconds', () => {
  const LIFE_MS = 24_000;
  afterEach(mended);
  beforeAll(async () => {
    region = await RegionUnderTest.start(['--certificate-life', `${LIFE_MS}ms`]);
  });
  afterAll(() => region?.close());

  const states = async () =>
    Object.fromEntries(await Promise.all(ZONES.map(async id => [id, await certificateState(id)])));

  it('an authority away for half a life, from a renewal on, is not noticed', async () => {
    const before = new Set((await region.world.certificates()).map(({ serial }) => serial));
    await region.world.rotateAuthority();
    await settled('every host has renewed', async () => {
      const fresh = (await region.world.certificates()).filter(({ serial }) => !before.has(serial));
      return new Set(fresh.map(({ holder }) => holder)).size === 7;
    });
    const { id } = await region.world.addFault({ fault: 'ca-outage' });
    const endsAt = performance.now() + LIFE_MS / 2;
    while (performance.now() < endsAt) {
      expect(await createUser(await region.endpoint(), 1)).toBe('created');
      for (const state of Object.values(await states())) expect(['ok', 'overdue']).toContain(state);
      await sleep(systemClock, 250);
    }
    await region.world.clearFaults(id);
  });

  it('a zone that cannot reach it for longer than a life fails, alone and visibly, and recovers by itself', async () => {
    const { id } = await region.world.addFault({ fault: 'partition', from: 'use1-az1', to: 'ca' });
    await settled('az1 has lost its certificate', async () => (await certificateState('use1-az1')) === 'expired');
    await settled('az1 has lost its log', async () => (await zoneStatus('use1-az1')).log === 'no-quorum');
    expect(await states()).toMatchObject({ 'use1-az1': 'expired', 'use1-az2': 'ok', 'use1-az3': 'ok' });
    expect((await region.command('doctor')).stdout).toContain('use1-az1: host certificate expired');
    expect(await createUser(await region.endpoint(), 3)).toBe('created');
    await region.world.clearFaults(id);
    await settled('az1 is back', async () => (await zoneStatus('use1-az1')).log === 'ok');
  });

  it('an authority away for longer than a life takes every host with it, and all recover when it returns', async () => {
    const { id } = await region.world.addFault({ fault: 'ca-outage' });
    await settled('every certificate has ended', async () =>
      Object.values(await states()).every(state => state === 'expired'),
    );
    expect(await createUser((await zoneStatus('use1-az2')).endpoint, 1)).toBe('ServiceUnavailable');
    await region.world.clearFaults(id);
    await settled('every zone is back', async () => {
      const { zones } = await region.world.status();
      return zones.every(({ log, certificates }) => log === 'ok' && certificates?.host.state === 'ok');
    });
    expect(await createUser(await region.endpoint(), 3)).toBe('created');
  });
});
