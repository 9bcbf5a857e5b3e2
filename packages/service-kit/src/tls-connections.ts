/**
 * TLS and plain HTTP on one port. The first byte of a connection tells which it is: a TLS handshake begins with 22
 * (RFC 8446, 5.1), no HTTP method does.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createServer, TLSSocket } from 'node:tls';
import type { TlsIdentity } from '@stormglass/pki';
import type { TlsFacts } from './request-facts.ts';

export interface TlsConnectionsOptions {
  /** The certificate that clients see; until there is one, TLS connections are closed. */
  readonly identity: TlsIdentity;
  /** How long a client may take for its first byte and for its handshake, each, in ms. */
  readonly timeoutMs: number;
}

const HANDSHAKE = 22;

/** Lets an HTTP server speak TLS with those who want it, whoever accepted their connections. */
export function speakTlsToo(server: Server, { identity, timeoutMs }: TlsConnectionsOptions): void {
  const plain = server.listeners('connection') as ((socket: Socket) => void)[];
  const serve = (socket: Socket) => {
    for (const listener of plain) listener.call(server, socket);
  };
  const tls = createServer({ ...identity.options, ALPNProtocols: ['http/1.1'], handshakeTimeout: timeoutMs });
  tls.on('secureConnection', serve);
  tls.on('tlsClientError', (_error, socket) => socket.destroy());
  identity.onChange(() => {
    if (identity.options !== undefined) tls.setSecureContext(identity.options);
  });
  const begin = (socket: Socket, isTls: boolean) => {
    if (!isTls) serve(socket);
    else if (identity.options === undefined) socket.destroy();
    else {
      // Whoever hangs up during a handshake has nothing more to hear.
      socket.allowHalfOpen = false;
      tls.emit('connection', socket);
    }
  };
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    if (socket instanceof TLSSocket) serve(socket);
    else awaitFirstByte(socket, timeoutMs, isTls => begin(socket, isTls));
  });
}

/** Asked once for each connection: Node makes the answer anew every time. */
const agreed = new WeakMap<TLSSocket, TlsFacts>();

export function tlsFactsOf(socket: TLSSocket): TlsFacts {
  const known = agreed.get(socket);
  if (known !== undefined) return known;
  const facts = { version: socket.getProtocol() ?? '', cipherSuite: socket.getCipher().standardName };
  agreed.set(socket, facts);
  return facts;
}

/** Looks at the first byte and leaves it where it was. A client that sends none in time is left to its server. */
function awaitFirstByte(socket: Socket, timeoutMs: number, then: (isTls: boolean) => void): void {
  const stop = () => {
    socket.off('data', onData).off('end', onEnd).off('error', onError).off('timeout', onEnd);
    socket.setTimeout(0);
  };
  const onData = (chunk: Buffer) => {
    stop();
    socket.pause();
    socket.unshift(chunk);
    then(chunk[0] === HANDSHAKE);
    // Only now may it flow again: its new reader is there.
    process.nextTick(() => socket.resume());
  };
  const onEnd = () => {
    stop();
    socket.destroy();
  };
  const onError = () => stop();
  socket.on('data', onData).on('end', onEnd).on('error', onError).on('timeout', onEnd);
  socket.setTimeout(timeoutMs);
}
