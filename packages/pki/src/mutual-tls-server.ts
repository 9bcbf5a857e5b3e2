/**
 * A listener of the region's own: TLS with a certificate on both ends. It takes the current certificate for each
 * handshake, tells a refused peer why (an alert), and ends connections whose peer is revoked or whose certificate ends.
 */
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import { type Cancel, type Clock, errorStory, type Logger } from '@stormglass/base';
import { PeerRefused, type VerifiedPeer } from './peer-verification.ts';
import { alertRecord, INTERNAL_TLS, serverTrafficSecret } from './tls-alert.ts';
import type { TlsIdentity } from './tls-identity.ts';

export interface MutualTlsServerOptions {
  readonly identity: TlsIdentity;
  /** Whether this peer has business here. */
  readonly admits: (peer: VerifiedPeer) => boolean;
  /** Takes clients that show no certificate; without it they are refused. */
  readonly onStranger?: (socket: TLSSocket) => void;
  readonly onPeer: (socket: TLSSocket, peer: VerifiedPeer) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const HANDSHAKE_TIMEOUT_MS = 5000;
const CONNECTIONS_MAX = 1024;
/** Timers hold no longer than this; a longer wait is done in parts. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export class MutualTlsServer {
  readonly #options: MutualTlsServerOptions;
  readonly #tcp: Server;
  readonly #tls: TlsServer;
  /** Accepted sockets by client address, until they close: TLS sockets do not say what they wrap. */
  readonly #accepted = new Map<string, Socket>();
  readonly #peers = new Map<TLSSocket, { peer: VerifiedPeer; cancel: Cancel }>();
  readonly #verdicts = new WeakMap<TLSSocket, VerifiedPeer | 'stranger' | 'refused'>();
  readonly #stopListening: () => void;

  constructor(options: MutualTlsServerOptions) {
    this.#options = options;
    const { identity, logger } = options;
    this.#tls = createTlsServer({
      ...INTERNAL_TLS,
      ...identity.options,
      requestCert: true,
      // Where strangers are let in, our own check is the only one; elsewhere OpenSSL's comes on top.
      rejectUnauthorized: options.onStranger === undefined,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    });
    this.#tls.on('keylog', (line, socket) => this.#onKeylog(line, socket));
    this.#tls.on('secureConnection', socket => this.#onSecure(socket));
    this.#tls.on('tlsClientError', error => logger.debug('internal TLS: handshake', { error: error.message }));
    this.#tcp = createTcpServer({ noDelay: true }, socket => this.#onConnection(socket));
    this.#tcp.maxConnections = CONNECTIONS_MAX;
    this.#stopListening = identity.onChange(() => this.#onIdentityChanged());
  }

  /** Where it listens; 0 while it does not. */
  get port(): number {
    const address = this.#tcp.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** @throws Error (`EADDRINUSE`, ...) when the port cannot be had */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#tcp.once('error', reject);
      this.#tcp.listen({ port, host, exclusive: true }, () => {
        this.#tcp.off('error', reject);
        this.#tcp.on('error', error => this.#options.logger.error('internal TLS', { error: error.message }));
        resolve(this.port);
      });
    });
  }

  /** Takes no more connections and ends those there are. */
  close(): Promise<void> {
    this.#stopListening();
    for (const socket of this.#accepted.values()) socket.destroy();
    return new Promise(resolve => this.#tcp.close(() => resolve()));
  }

  #onConnection(socket: Socket): void {
    const key = addressOf(socket);
    // Without a certificate of our own there is nothing to say.
    if (this.#options.identity.options === undefined) {
      socket.destroy();
      return;
    }
    this.#accepted.set(key, socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#accepted.delete(key));
    this.#tls.emit('connection', socket);
  }

  /** The server's traffic secret is known just before the handshake ends: the time to judge the peer. */
  #onKeylog(line: Buffer, socket: TLSSocket): void {
    const secret = serverTrafficSecret(line);
    if (secret !== undefined) socket.prependOnceListener('secure', () => this.#judge(socket, secret));
  }

  #judge(socket: TLSSocket, secret: Buffer): void {
    const { identity, admits, onStranger, logger } = this.#options;
    const leaf = socket.getPeerX509Certificate();
    if (leaf === undefined && onStranger !== undefined) {
      this.#verdicts.set(socket, 'stranger');
      return;
    }
    try {
      if (leaf === undefined) throw new PeerRefused('bad_certificate', 'the client has no certificate');
      const peer = identity.verify(leaf, 'client');
      if (!admits(peer)) throw new PeerRefused('access_denied', `${peer.role} of ${peer.zone} has no business here`);
      this.#verdicts.set(socket, peer);
    } catch (error) {
      this.#verdicts.set(socket, 'refused');
      const alert = error instanceof PeerRefused ? error.alert : 'bad_certificate';
      logger.warn('internal TLS: peer refused', { alert, reason: errorStory(error) });
      this.#accepted.get(addressOf(socket))?.write(alertRecord(secret, alert));
    }
  }

  #onSecure(socket: TLSSocket): void {
    const verdict = this.#verdicts.get(socket);
    socket.on('error', () => {});
    if (verdict === undefined || verdict === 'refused') socket.destroy();
    else if (verdict === 'stranger') this.#options.onStranger?.(socket);
    else {
      this.#peers.set(socket, { peer: verdict, cancel: this.#endAt(socket, verdict.notAfter) });
      socket.once('close', () => {
        this.#peers.get(socket)?.cancel();
        this.#peers.delete(socket);
      });
      this.#options.onPeer(socket, verdict);
    }
  }

  /** A connection lives no longer than the certificate that opened it. */
  #endAt(socket: TLSSocket, notAfter: number): Cancel {
    const { clock, logger } = this.#options;
    let cancel: Cancel = () => {};
    const wait = () => {
      const ms = notAfter - clock.now();
      if (ms <= 0) {
        logger.warn('internal TLS: the certificate of a connected peer has ended', {
          serial: this.#peers.get(socket)?.peer.serial,
        });
        socket.destroy();
      } else cancel = clock.after(Math.min(ms, TIMER_MAX_MS), wait);
    };
    wait();
    return () => cancel();
  }

  #onIdentityChanged(): void {
    const { identity, logger } = this.#options;
    const { options } = identity;
    if (options !== undefined) this.#tls.setSecureContext({ ...INTERNAL_TLS, ...options });
    for (const [socket, { peer }] of this.#peers) {
      if (!identity.trust?.revoked.has(peer.serial)) continue;
      logger.warn('internal TLS: a connected peer is revoked', { serial: peer.serial, zone: peer.zone });
      socket.destroy();
    }
  }
}

const addressOf = ({ remoteAddress, remotePort }: Socket | TLSSocket): string => `${remoteAddress}:${remotePort}`;
