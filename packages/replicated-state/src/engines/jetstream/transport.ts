/**
 * The client's transport, made safe: between the steps of a connection it takes its listeners off the socket, and an
 * error that comes just then (a server that ends the connection, or refuses a certificate after the handshake, as TLS 1.3
 * has it) would end the process. It also throws inside an event when the server cannot be trusted; here that is checked
 * afterwards.
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ConnectionOptions, NatsConnection } from '@nats-io/nats-core';
import { NatsConnectionImpl, setTransportFactory } from '@nats-io/nats-core/internal';
import { NodeTransport, nodeResolveHost } from '@nats-io/transport-node/lib/node_transport.js';

/** Tells the client's own check to keep out: `startTLS` below looks at its result. */
export const CHECKED_AFTERWARDS = { rejectUnauthorized: false } as const;

class SafeTransport extends NodeTransport {
  override async dial(server: Parameters<NodeTransport['dial']>[0]): Promise<Socket> {
    return unharmed(await super.dial(server));
  }

  override async startTLS(): Promise<TLSSocket> {
    const socket = unharmed(await super.startTLS());
    if (socket.authorized) return socket;
    socket.destroy();
    throw socket.authorizationError;
  }
}

function unharmed<S extends Socket>(socket: S): S {
  socket.on('error', () => {});
  return socket;
}

/** Connects as `connect` of the client does. */
export function connect(options: ConnectionOptions): Promise<NatsConnection> {
  setTransportFactory({ factory: () => new SafeTransport(), dnsResolveFn: nodeResolveHost });
  return NatsConnectionImpl.connect(options);
}
