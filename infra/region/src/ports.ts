/**
 * Every port of a region, planned in one place from the front door's port P and the first DNS port D, on 127.0.0.1:
 *
 *     P          front door                      P + 21   log (the sequencer, for mutual TLS)
 *     P + 1 ..   each zone, for its clients      P + 22   certificate authority
 *     P + 11 ..  each zone, for other zones      D ..     each zone's DNS, UDP and TCP
 *
 * Where a port is taken, or P or D is 0, the system gives a free one. The front door's own port is not tried here:
 * somebody asked for that very port, and should hear of it when it is taken.
 */
import { createSocket } from 'node:dgram';
import { createServer, isIPv4 } from 'node:net';
import type { Region } from './topology.ts';

/** How far the ports of each kind lie behind the front door's. There is room for ten zones. */
export const PORT_OFFSETS = { clients: 1, internal: 11, log: 21, certificateAuthority: 22 } as const;

export interface ZonePorts {
  /** Where the zone listens for clients of its own. */
  readonly clients: number;
  /** Where it listens for other zones and the world. */
  readonly internal: number;
  /** Where its resolver listens, UDP and TCP. */
  readonly dns: number;
}

export interface RegionPorts {
  /** 0 lets the system choose when the front door begins to listen. */
  readonly frontDoor: number;
  /** In the order of the zones. */
  readonly zones: readonly ZonePorts[];
  readonly log: number;
  readonly certificateAuthority: number;
}

/**
 * The addresses of the zones' own: all of them, or none where the machine lacks one (Linux has the whole loopback
 * network, macOS only what it is told) or where a front door on every address leaves no room beside it.
 */
export async function ownAddresses(region: Region, host: string): Promise<ReadonlyMap<string, string>> {
  const none = new Map<string, string>();
  if (EVERY_ADDRESS.has(host)) return none;
  try {
    for (const { address } of region.zones) (await openTcp(0, address))[1]();
  } catch {
    return none;
  }
  return new Map(region.zones.map(({ id, address }) => [id, address]));
}

/** The IPv4 address that names lead to where the zones have none of their own: of a front door that listens on `host`. */
export const addressForClients = (host: string): string => (isIPv4(host) && !EVERY_ADDRESS.has(host) ? host : HOST);

const EVERY_ADDRESS: ReadonlySet<string> = new Set(['', '0.0.0.0', '::', '0:0:0:0:0:0:0:0']);
const HOST = '127.0.0.1';
/** A port the system gives for TCP may be taken for UDP; then another one is tried, this often. */
const ATTEMPTS = 16;

type Close = () => void;
type Opener = (port: number, host?: string) => Promise<readonly [port: number, close: Close]>;

/**
 * Resolves to ports that were free a moment ago, all different.
 * @throws Error when the system has no free port
 */
export async function planPorts(frontDoor: number, dns: number, zoneCount: number): Promise<RegionPorts> {
  // Held until all are chosen, so that none is given twice.
  const held: Close[] = [];
  const choose = async (open: Opener, base: number, offset: number) => {
    const wanted = base === 0 ? 0 : base + offset;
    const [port, close] = await open(wanted).catch(() => open(0));
    held.push(close);
    return port;
  };
  try {
    const zones: ZonePorts[] = [];
    for (let i = 0; i < zoneCount; i++) {
      zones.push({
        clients: await choose(openTcp, frontDoor, PORT_OFFSETS.clients + i),
        internal: await choose(openTcp, frontDoor, PORT_OFFSETS.internal + i),
        dns: await choose(openBoth, dns, i),
      });
    }
    const log = await choose(openTcp, frontDoor, PORT_OFFSETS.log);
    const certificateAuthority = await choose(openTcp, frontDoor, PORT_OFFSETS.certificateAuthority);
    return { frontDoor, zones, log, certificateAuthority };
  } finally {
    for (const close of held) close();
  }
}

const openTcp: Opener = (port, host = HOST) =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      resolve([typeof address === 'object' && address !== null ? address.port : port, () => server.close()]);
    });
  });

const openUdp: Opener = port =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', error => {
      socket.close();
      reject(error);
    });
    socket.bind({ port, address: HOST, exclusive: true }, () => resolve([socket.address().port, () => socket.close()]));
  });

/** The same port for TCP and UDP. */
const openBoth: Opener = async wanted => {
  for (let attempt = 1; ; attempt++) {
    const [port, closeTcp] = await openTcp(wanted);
    try {
      const [, closeUdp] = await openUdp(port);
      const close = () => {
        closeTcp();
        closeUdp();
      };
      return [port, close];
    } catch (error) {
      closeTcp();
      if (wanted !== 0 || attempt === ATTEMPTS) throw error;
    }
  }
};
