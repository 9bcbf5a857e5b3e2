/** Connections verified on both ends: who gets in, what the others are told, and what ends a connection. */
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { silentLogger, skewed, systemClock } from '@stormglass/base';
import { afterEach, describe, expect, it } from 'vitest';
import { connectMutually } from './mutual-tls-client.ts';
import { MutualTlsServer } from './mutual-tls-server.ts';
import type { VerifiedPeer } from './peer-verification.ts';
import { testAuthority, testIdentity } from './testing/certificates.ts';
import { TlsIdentity } from './tls-identity.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const isHost = (peer: VerifiedPeer) => peer.role === 'host';

async function echoServer(identity: TlsIdentity, admits = isHost) {
  const peers: VerifiedPeer[] = [];
  const server = new MutualTlsServer({
    identity,
    admits,
    onPeer: (socket, peer) => {
      peers.push(peer);
      socket.pipe(socket);
    },
    clock: systemClock,
    logger: silentLogger,
  });
  closing.push(() => server.close());
  const port = await server.listen(0, '127.0.0.1');
  return { port, peers };
}

/** What a client that shows this certificate is told: `echoed`, or what its TLS library says of the alert. */
async function attempt(port: number, identity: TlsIdentity | undefined): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...identity?.options });
  closing.push(() => void socket.destroy());
  socket.on('secureConnect', () => socket.write('hello'));
  return new Promise(resolve => {
    socket.on('data', data => resolve(data.toString() === 'hello' ? 'echoed' : 'garbled'));
    // OpenSSL names alerts differently from version to version; their numbers stay.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      resolve(/alert number (\d+)/.exec(error.message)?.[0] ?? error.code ?? error.message),
    );
    socket.on('close', () => resolve('closed without a word'));
  });
}

const open = async (identity: TlsIdentity, port: number): Promise<TLSSocket> => {
  const socket = await connectMutually(identity, { host: '127.0.0.1', port, expects: isHost });
  closing.push(() => void socket.destroy());
  return socket;
};

async function echoes(socket: TLSSocket): Promise<void> {
  socket.write('still here');
  const [data] = (await once(socket, 'data')) as [Buffer];
  expect(data.toString()).toBe('still here');
}

describe('a mutual TLS server', () => {
  it('lets in whom it knows, and knows who it is', async () => {
    const authority = await testAuthority();
    const { port, peers } = await echoServer(await testIdentity(authority));
    expect(await attempt(port, await testIdentity(authority, { zone: 'use1-az2' }))).toBe('echoed');
    expect(peers).toMatchObject([{ partition: 'aws', region: 'us-east-1', zone: 'use1-az2', role: 'host' }]);
  });

  it('tells everybody else why not, with the alert of RFC 8446', async () => {
    const authority = await testAuthority();
    const server = await testIdentity(authority);
    const { port, peers } = await echoServer(server);
    const revoked = await testIdentity(authority);
    authority.revoke(revoked.serial!, 'keyCompromise');
    server.trustIn(authority.trust());
    const strangers: [string, TlsIdentity | undefined][] = [
      ['alert number 116', undefined],
      ['alert number 48', await testIdentity(await testAuthority('aws-cn'))],
      ['alert number 44', revoked],
      ['alert number 42', await testIdentity(authority, { use: 'server' })],
      ['alert number 49', await testIdentity(authority, { role: 'world', zone: '*' })],
      ['alert number 45', await testIdentity(authority, { notBefore: 0, lifeMs: -5000 })],
    ];
    for (const [alert, identity] of strangers) expect(await attempt(port, identity)).toBe(alert);
    expect(peers).toEqual([]);
  });

  it('judges by its own clock', async () => {
    const authority = await testAuthority();
    let skewMs = 0;
    const server = await testIdentity(
      authority,
      {},
      skewed(systemClock, () => skewMs),
    );
    const { port } = await echoServer(server);
    const client = await testIdentity(authority);
    skewMs = 120_000;
    expect(await attempt(port, client)).toBe('alert number 45');
    skewMs = -3_600_000;
    expect(await attempt(port, client)).toBe('alert number 45');
    skewMs = 0;
    expect(await attempt(port, client)).toBe('echoed');
  });

  it('takes a renewed certificate into use and keeps the connections it has', async () => {
    const authority = await testAuthority();
    const server = await testIdentity(authority);
    const { port } = await echoServer(server);
    const client = await testIdentity(authority);
    const before = await open(client, port);
    const serial = before.getPeerX509Certificate()?.serialNumber;
    await authority.rotate();
    const renewed = await testIdentity(authority);
    server.install(renewed.credential!);
    client.install((await testIdentity(authority)).credential!);
    const after = await open(client, port);
    expect(after.getPeerX509Certificate()?.serialNumber).toBe(renewed.serial);
    expect(renewed.serial).not.toBe(serial);
    await echoes(before);
    await echoes(after);
  });

  it('ends the connections of a peer that is revoked, on either end', async () => {
    const authority = await testAuthority();
    const server = await testIdentity(authority);
    const { port } = await echoServer(server);
    const client = await testIdentity(authority);
    const first = await open(client, port);
    await echoes(first);
    const ended = once(first, 'close');
    authority.revoke(client.serial!, 'keyCompromise');
    server.trustIn(authority.trust());
    await ended;
    const other = await testIdentity(authority);
    const second = await open(other, port);
    await echoes(second);
    const endedToo = once(second, 'close');
    authority.revoke(server.serial!, 'superseded');
    other.trustIn(authority.trust());
    await endedToo;
    await expect(open(other, port)).rejects.toMatchObject({ alert: 'certificate_revoked' });
  });

  it('ends a connection together with the certificate that opened it', async () => {
    const authority = await testAuthority();
    const { port } = await echoServer(await testIdentity(authority));
    const socket = await open(await testIdentity(authority, { lifeMs: 2000 }), port);
    await echoes(socket);
    await once(socket, 'close');
  });

  it('has nothing to say without a certificate', async () => {
    const authority = await testAuthority();
    const { port } = await echoServer(new TlsIdentity(systemClock));
    expect(await attempt(port, await testIdentity(authority))).toBe('ECONNRESET');
  });
});

describe('a mutual TLS client', () => {
  it('insists on the role and the partition of whom it calls', async () => {
    const authority = await testAuthority();
    const client = await testIdentity(authority);
    const world = await echoServer(await testIdentity(authority, { role: 'world', zone: '*' }));
    await expect(open(client, world.port)).rejects.toMatchObject({ alert: 'access_denied' });
    const alien = await echoServer(await testIdentity(await testAuthority('aws-cn')));
    await expect(open(client, alien.port)).rejects.toMatchObject({
      code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    });
  });
});
