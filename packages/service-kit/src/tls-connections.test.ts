/** One port, two ways to speak: plain HTTP and TLS, side by side, with a certificate that changes under way. */
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { silentLogger, systemClock } from '@stormglass/base';
import { TlsIdentity } from '@stormglass/pki';
import { testAuthority, testIdentity } from '@stormglass/pki/testing';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpHost, type HttpHostOptions } from './http-host.ts';

let app: FastifyInstance | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

/** Says how each request came in, and what its body was. */
const pipeline: HttpHostOptions['pipeline'] = {
  handle: async (_head, body, origin) => ({
    status: 200,
    headers: { 'x-secure': String(origin.isSecure) },
    body: (await body.whole()).toString(),
  }),
  refuse: error => ({ status: error.status, headers: {}, body: error.code }),
};

async function listen(identity: TlsIdentity): Promise<number> {
  const limits = { headersTimeoutMs: 400 };
  app = createHttpHost({ pipeline, logger: silentLogger, health: () => ({}), tls: identity, limits });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as { port: number }).port;
}

interface Answer {
  readonly secure: unknown;
  readonly body: string;
}

function post(make: typeof httpRequest, options: object, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = make({ host: '127.0.0.1', method: 'POST', path: '/', ...options }, response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('end', () =>
        resolve({ secure: response.headers['x-secure'], body: Buffer.concat(chunks).toString() }),
      );
    });
    call.on('error', reject);
    call.end(body);
  });
}

describe('a port that speaks TLS too', () => {
  it('serves plain and secure requests alike, of any size', async () => {
    const authority = await testAuthority();
    const port = await listen(await testIdentity(authority));
    const large = 'x'.repeat(300_000);
    const ca = authority.root;
    const secure = { port, ca, checkServerIdentity: () => undefined };
    for (const body of ['small', large]) {
      expect(await post(httpRequest, { port }, body)).toEqual({ secure: 'false', body });
      expect(await post(httpsRequest, secure, body)).toEqual({ secure: 'true', body });
    }
  });

  it('serves both while the first bytes arrive one at a time', async () => {
    const port = await listen(await testIdentity(await testAuthority()));
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let text = '';
    socket.on('data', chunk => {
      text += chunk.toString();
    });
    for (const byte of 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi') {
      socket.write(byte);
      await new Promise(resolve => setImmediate(resolve));
    }
    await once(socket, 'close');
    expect(text).toContain('x-secure: false');
    expect(text.endsWith('hi')).toBe(true);
  });

  it('shows a renewed certificate and keeps the connections it has', async () => {
    const authority = await testAuthority();
    const identity = await testIdentity(authority);
    const port = await listen(identity);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const options = { port, agent, ca: authority.root, checkServerIdentity: () => undefined };
    await post(httpsRequest, options, 'before');
    const renewed = await testIdentity(authority);
    identity.install(renewed.credential!);
    expect(await post(httpsRequest, options, 'after')).toEqual({ secure: 'true', body: 'after' });
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    expect(socket.getPeerX509Certificate()?.serialNumber).toBe(renewed.serial);
    socket.destroy();
    agent.destroy();
  });

  it('closes a TLS connection while it has no certificate, and goes on serving plain requests', async () => {
    const port = await listen(new TlsIdentity(systemClock));
    await expect(post(httpsRequest, { port, rejectUnauthorized: false }, '')).rejects.toThrow();
    expect(await post(httpRequest, { port }, 'plain')).toEqual({ secure: 'false', body: 'plain' });
  });

  it('ends connections that never say anything, or no handshake', async () => {
    const port = await listen(await testIdentity(await testAuthority()));
    const silent = connect(port, '127.0.0.1');
    const garbled = connect(port, '127.0.0.1');
    garbled.write(Buffer.from([22, 3, 1, 255, 255]));
    const reset = (socket: typeof silent) => new Promise(resolve => socket.on('error', () => {}).on('close', resolve));
    silent.resume();
    garbled.resume();
    await Promise.all([reset(silent), reset(garbled)]);
  });
});
