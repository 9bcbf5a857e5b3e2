/** The sockets of a resolver: UDP and TCP on one address and port. Nothing that arrives here ends it. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIP, type Server } from 'node:net';
import { type Clock, errorStory, type Logger, systemCode } from '@stormglass/base';
import { ClientLimit } from './client-limit.ts';
import { comeOverTcp, type Resolver } from './resolver.ts';
import { TcpConnection } from './tcp-connection.ts';

export interface DnsServerLimits {
  /** TCP connections at a time; further ones are closed at once. Default 256. */
  readonly connections?: number;
  /** How long a TCP connection may go without a whole query. Default 10 s. */
  readonly idleMs?: number;
  /** Answers over UDP to each /24 or /56 of clients; default: no limit on loopback, else 1,000. */
  readonly answersPerSecond?: number;
}

export interface DnsServerOptions {
  readonly resolver: Resolver;
  /** An IP address. */
  readonly host: string;
  /** 0 takes a port that is free for both. */
  readonly port: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: DnsServerLimits;
}

export interface DnsServer {
  readonly port: number;
  /** Ends when both sockets and all connections are closed. */
  close(): Promise<void>;
}

/** Ports tried when any will do: one that is free for TCP may be taken for UDP. */
const PORTS_TRIED = 16;
/** Answers that may wait for the network, in bytes; more are dropped, as networks do. */
const UNSENT_BYTES_MAX = 1 << 20;
const UDP_BUFFER_BYTES = 1 << 20;

/** @throws Error (`EADDRINUSE`, `EACCES`, ...) when the address cannot be had. */
export async function startDnsServer(options: DnsServerOptions): Promise<DnsServer> {
  for (let tried = 1; ; tried++) {
    const server = await listenTcp(options.host, options.port);
    const { port } = server.address() as { port: number };
    try {
      const socket = await listenUdp(options.host, port);
      return serve(options, server, socket, port);
    } catch (error) {
      await new Promise(resolve => server.close(resolve));
      if (options.port !== 0 || systemCode(error) !== 'EADDRINUSE' || tried === PORTS_TRIED) throw error;
    }
  }
}

async function listenTcp(host: string, port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

async function listenUdp(host: string, port: number): Promise<UdpSocket> {
  const socket = createSocket({
    type: isIP(host) === 6 ? 'udp6' : 'udp4',
    // Addresses are addresses already: the system's lookup would cost more than the answer.
    lookup: (address, _options, done) => done(null, address, isIP(address)),
  });
  try {
    // With this lookup the socket may listen before `bind` returns.
    const listening = once(socket, 'listening');
    socket.bind(port, host);
    await listening;
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

function serve({ host, clock, logger, ...rest }: DnsServerOptions, server: Server, socket: UdpSocket, port: number) {
  const { connections: connectionsMax = 256, idleMs = 10_000, answersPerSecond } = rest.limits ?? {};
  const perSecond = answersPerSecond ?? (isLoopback(host) ? undefined : 1_000);
  answerDatagrams(socket, rest.resolver, perSecond === undefined ? undefined : new ClientLimit(perSecond, clock));
  socket.on('error', error => logger.warn('the DNS socket has trouble', { port, error: errorStory(error) }));

  const connections = new Set<TcpConnection>();
  server.maxConnections = connectionsMax;
  server.on('connection', client => {
    const connection = new TcpConnection(client, rest.resolver, clock, idleMs);
    connections.add(connection);
    client.on('close', () => connections.delete(connection));
  });
  server.on('error', error => logger.warn('the DNS listener has trouble', { port, error: errorStory(error) }));

  let closing: Promise<void> | undefined;
  const close = async () => {
    const ends = [once(socket, 'close'), once(server, 'close')];
    socket.close();
    server.close();
    for (const connection of connections) connection.close();
    await Promise.all(ends);
  };
  return { port, close: () => (closing ??= close()) };
}

function answerDatagrams(socket: UdpSocket, resolver: Resolver, limit: ClientLimit | undefined): void {
  let open = true;
  socket.on('close', () => (open = false));
  const send = (answer: Buffer | undefined, port: number, address: string) => {
    // Port 0 cannot be answered, and `send` would throw.
    if (answer === undefined || !open || port === 0 || socket.getSendQueueSize() > UNSENT_BYTES_MAX) return;
    socket.send(answer, port, address);
  };
  try {
    socket.setRecvBufferSize(UDP_BUFFER_BYTES);
  } catch {
    // A smaller buffer loses queries in bursts; clients ask again.
  }
  socket.on('message', (packet, { address, port }) => {
    const admitted = limit?.admit(address) ?? 'answer';
    if (admitted === 'nothing') return;
    const answer = admitted === 'answer' ? resolver.handle(packet, { address, transport: 'udp' }) : comeOverTcp(packet);
    if (answer instanceof Promise) void answer.then(bytes => send(bytes, port, address));
    else send(answer, port, address);
  });
}

const isLoopback = (host: string): boolean => host === '::1' || host.startsWith('127.');
