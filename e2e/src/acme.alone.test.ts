/** certbot, unchanged, against a running region: it obtains, renews and revokes a certificate over http-01. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RegionUnderTest } from './region-under-test.ts';

const HTTP_PORT = 45_802;
const NAME = 'www.example.test';
const run = promisify(execFile);

let region: RegionUnderTest;
let folder: string;
let endpoint: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stormglass-acme-'));
  region = await RegionUnderTest.start(['--acme-http-port', String(HTTP_PORT)]);
  endpoint = (await region.endpoint()).replace('http:', 'https:');
  const ca = join(region.folder, 'ca.pem');
  env = {
    ...process.env,
    AWS_ENDPOINT_URL: await region.endpoint(),
    REQUESTS_CA_BUNDLE: ca,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  const { stdout } = await aws('create-hosted-zone', '--name', 'example.test', '--caller-reference', 'acme');
  const record = { Name: NAME, Type: 'A', TTL: 5, ResourceRecords: [{ Value: '127.0.0.1' }] };
  const batch = JSON.stringify({ Changes: [{ Action: 'UPSERT', ResourceRecordSet: record }] });
  const { Id } = (JSON.parse(stdout) as { HostedZone: { Id: string } }).HostedZone;
  await aws('change-resource-record-sets', '--hosted-zone-id', Id, '--change-batch', batch);
});
afterAll(async () => {
  await region?.close();
  rmSync(folder, { recursive: true, force: true });
});

const aws = (...args: string[]) => run('aws', ['route53', ...args, '--output', 'json'], { env });

const certbot = (action: string, ...args: string[]) => {
  const folders = ['config', 'work', 'logs'].flatMap(name => [`--${name}-dir`, join(folder, name)]);
  const server = ['--server', `${endpoint}/_stormglass/acme/directory`, '--non-interactive'];
  return run('certbot', [action, ...folders, ...server, ...args], { env, timeout: 90_000 });
};

const live = (name: string) => join(folder, 'config', 'live', NAME, name);

/** What `openssl verify` makes of the certificate; the revocation lists are those the region publishes. */
async function verified(): Promise<string> {
  const lists = await run('curl', ['-s', '--cacert', env.REQUESTS_CA_BUNDLE!, `${endpoint}/_stormglass/crl.pem`]);
  writeFileSync(join(folder, 'crl.pem'), lists.stdout);
  const trust = ['-CAfile', env.REQUESTS_CA_BUNDLE!, '-untrusted', live('chain.pem')];
  const lookup = ['-crl_check', '-CRLfile', join(folder, 'crl.pem'), live('cert.pem')];
  const { stdout, stderr } = await run('openssl', ['verify', ...trust, ...lookup]).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  return stdout + stderr;
}

it('obtains a certificate that verifies, renews it, and revokes it', async () => {
  const http = ['--standalone', '--http-01-port', String(HTTP_PORT), '--preferred-challenges', 'http'];
  await certbot('certonly', ...http, '-d', NAME, '--agree-tos', '--register-unsafely-without-email');
  const first = readFileSync(live('cert.pem'), 'utf8');
  expect(await verified()).toContain('OK');

  await certbot('renew', '--force-renewal', '--no-random-sleep-on-renew');
  expect(readFileSync(live('cert.pem'), 'utf8')).not.toBe(first);
  expect(await verified()).toContain('OK');

  await certbot('revoke', '--cert-path', live('cert.pem'), '--no-delete-after-revoke');
  await until('the revocation lists name it', async () => (await verified()).includes('certificate revoked'));
});
