import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@stormglass/base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IdentitySecrets, identityData, kubernetesSecrets, type SecretData } from './identity-secrets.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'identity-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (files: Readonly<Record<string, string>>) => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
};

it('takes what is there once the root is, each file under a key that a Secret may have', () => {
  write({ 'iam.json': '{}', 'nats/cert.pem': 'certificate', 'sts.json.new': 'half' });
  expect(identityData(folder)).toBeUndefined();
  write({ 'root.pem': 'root' });
  expect(identityData(folder)).toEqual({ 'iam.json': '{}', 'nats.cert.pem': 'certificate', 'root.pem': 'root' });
});

describe('a Secret', () => {
  it('is written when there is something new, and again until that has worked', async () => {
    const told: (readonly [string, SecretData])[] = [];
    let isAway = true;
    const secrets = new IdentitySecrets({
      folders: new Map([['identity-use1-az1', folder]]),
      patch: async (name, data) => {
        if (isAway) throw new Error('away');
        told.push([name, data]);
      },
      clock: systemClock,
      logger: silentLogger,
    });
    write({ 'root.pem': 'first' });
    await secrets.look();
    expect([secrets.areTold, told.length]).toEqual([false, 0]);
    isAway = false;
    await secrets.look();
    await secrets.look();
    write({ 'root.pem': 'second' });
    await secrets.look();
    expect(secrets.areTold).toBe(true);
    expect(told).toEqual([
      ['identity-use1-az1', { 'root.pem': 'first' }],
      ['identity-use1-az1', { 'root.pem': 'second' }],
    ]);
  });
});

describe('the Kubernetes API', () => {
  const asked: { readonly call: IncomingMessage; readonly body: string }[] = [];
  let status = 200;
  const server = createServer((call, response) => {
    const chunks: Buffer[] = [];
    call.on('data', chunk => chunks.push(chunk));
    call.on('end', () => {
      asked.push({ call, body: Buffer.concat(chunks).toString() });
      response.writeHead(status).end();
    });
  });
  beforeEach(() => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve)));
  afterEach(() => new Promise<unknown>(resolve => server.close(resolve)));
  const patch = (name: string, data: SecretData) => {
    write({ token: 'secret\n', namespace: 'region' });
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return kubernetesSecrets({ endpoint, accountFolder: folder })(name, data);
  };

  it('is asked to change keys of one Secret, in the name of the account', async () => {
    await patch('identity-use1-az1', { 'root.pem': 'root' });
    const [{ call, body } = { call: undefined, body: '' }] = asked;
    expect([call?.method, call?.url]).toEqual(['PATCH', '/api/v1/namespaces/region/secrets/identity-use1-az1']);
    expect(call?.headers).toMatchObject({
      authorization: 'Bearer secret',
      'content-type': 'application/merge-patch+json',
    });
    expect(JSON.parse(body)).toEqual({ data: { 'root.pem': 'cm9vdA==' } });
  });

  it('says no in its answer', async () => {
    status = 403;
    await expect(patch('identity-use1-az1', {})).rejects.toThrow('answers 403 to a change of Secret identity-use1-az1');
  });
});
