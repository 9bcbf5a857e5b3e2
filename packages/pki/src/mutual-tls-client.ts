/** The client's end of the region's own connections: shows its certificate and insists on the peer's role and zone. */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { PeerRefused, type VerifiedPeer } from './peer-verification.ts';
import type { TlsIdentity } from './tls-identity.ts';

export interface MutualTlsTarget {
  readonly host: string;
  readonly port: number;
  /** Shows no certificate: for those who have none yet. */
  readonly isAnonymous?: boolean;
  /** Whom the caller wants to talk to. */
  readonly expects: (peer: VerifiedPeer) => boolean;
}

const CONNECT_TIMEOUT_MS = 5000;

/**
 * Opens a connection that is verified on both ends; it is closed when this end's trust says that the peer is revoked.
 * @throws Error when there is no certificate yet; PeerRefused when the peer is not who it must be; else what TLS said
 */
export function connectMutually(identity: TlsIdentity, target: MutualTlsTarget): Promise<TLSSocket> {
  const { clock } = identity;
  const context = target.isAnonymous ? identity.anonymousContext : identity.context;
  if (context === undefined) return Promise.reject(new Error('there is no certificate yet'));
  return new Promise((resolve, reject) => {
    const raw: Socket = connectTcp({ host: target.host, port: target.port, noDelay: true });
    const socket = connect({
      socket: raw,
      secureContext: context,
      // Names say nothing here; roles and zones do, and they are checked below.
      checkServerIdentity: () => undefined,
    });
    const fail = (error: Error) => {
      cancel();
      reject(error);
      socket.destroy();
      raw.destroy();
    };
    raw.once('error', fail);
    const cancel = clock.after(CONNECT_TIMEOUT_MS, () => fail(new Error(`${target.host}:${target.port} is silent`)));
    socket.on('error', fail);
    socket.once('close', () => fail(new Error('the connection was closed during its handshake')));
    socket.once('secureConnect', () => {
      try {
        const peer = verified(socket, identity, target);
        cancel();
        watchRevocation(socket, identity, peer);
        resolve(socket);
      } catch (error) {
        fail(error as Error);
      }
    });
  });
}

function verified(socket: TLSSocket, identity: TlsIdentity, target: MutualTlsTarget): VerifiedPeer {
  const leaf = socket.getPeerX509Certificate();
  if (leaf === undefined) throw new PeerRefused('bad_certificate', 'the server has no certificate');
  const peer = identity.verify(leaf, 'server');
  if (target.expects(peer)) return peer;
  throw new PeerRefused('access_denied', `${target.host}:${target.port} is ${peer.role} of ${peer.zone}`);
}

function watchRevocation(socket: TLSSocket, identity: TlsIdentity, { serial }: VerifiedPeer): void {
  const stop = identity.onChange(() => {
    if (identity.trust?.revoked.has(serial)) socket.destroy();
  });
  socket.once('close', stop);
}
