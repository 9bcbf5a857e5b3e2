/**
 * Every port of a region, planned in one place from the front door's port P and the first DNS port D, on 127.0.0.1:
 *
 *     P          front door                      P + 21   log (the sequencer, for mutual TLS)
 *     P + 1 ..   each zone, for its clients      P + 22   certificate authority
 *     P + 11 ..  each zone, for other zones      D ..     each zone's DNS, UDP and TCP; P + 31 where D is 0
 *
 * Where P is 0, chance finds a block that is free; where a single port is taken, another one. Both lie below the ports
 * that systems give to outgoing connections: one of those would be gone again before the region listens on it. A front
 * door that somebody asked for by its port is not tried here, so that they hear of it when it is taken. A second region
 * lies at P + 100 and D + 10, and so on, or in the next such block that is free.
 */
import { createSocket } from 'node:dgram';
import { createServer, isIPv4 } from 'node:net';
import type { Random } from '@stormglass/base';
import type { Region } from './topology.ts';

/** How far the ports of each kind lie behind the front door's. There is room for ten zones. */
export const PORT_OFFSETS = { clients: 1, internal: 11, log: 21, certificateAuthority: 22, dns: 31 } as const;

export interface ZonePorts {
  /** Where the zone listens for clients of its own. */
  readonly clients: number;
  /** Where it listens for other zones and the world. */
  readonly internal: number;
  /** Where its resolver listens, UDP and TCP. */
  readonly dns: number;
}

export interface RegionPorts {
  readonly frontDoor: number;
  /** In the order of the zones. */
  readonly zones: readonly ZonePorts[];
  readonly log: number;
  readonly certificateAuthority: number;
}

/**
 * The addresses of the zones' own: all of them, or none where the machine lacks one (Linux has the whole loopback
 * network, macOS only what it is told) or where a front door on every address leaves no room beside it. `gateways`: what
 * the region needs beside them.
 */
export async function ownAddresses(
  region: Region,
  host: string,
  gateways: readonly string[] = [],
): Promise<ReadonlyMap<string, string>> {
  const none = new Map<string, string>();
  if (EVERY_ADDRESS.has(host)) return none;
  try {
    for (const address of [...region.zones.map(zone => zone.address), ...gateways]) (await openTcp(0, address))();
  } catch {
    return none;
  }
  return new Map(region.zones.map(({ id, address }) => [id, address]));
}

/** The IPv4 address that names lead to where the zones have none of their own: of a front door that listens on `host`. */
export const addressForClients = (host: string): string => (isIPv4(host) && !EVERY_ADDRESS.has(host) ? host : HOST);

const EVERY_ADDRESS: ReadonlySet<string> = new Set(['', '0.0.0.0', '::', '0:0:0:0:0:0:0:0']);
const HOST = '127.0.0.1';
/** Where ports are looked for: above those of well-known servers, below those of outgoing connections. */
const FIRST = 10_240;
const LAST = 32_000;
/** Blocks begin at multiples of this, so that two that are chosen at one time seldom overlap. */
const BLOCK = 64;
const ATTEMPTS = 200;
/** How far the ports of one region lie behind those of the one before. */
const REGION_STRIDE = 100;
const DNS_STRIDE = 10;

type Close = () => void;
type Opener = (port: number, host?: string) => Promise<Close>;

export interface PortWishes {
  /** 0: anywhere. */
  readonly frontDoor: number;
  /** Of the first zone; 0: in the front door's block. */
  readonly dns: number;
  readonly zoneCount: number;
  /** Where the front door is to listen; this machine unless said. */
  readonly host?: string;
  readonly random: Random;
}

/**
 * Resolves to ports that were free a moment ago, all different.
 * @throws Error when there are no free ports
 */
export async function planPorts(wishes: PortWishes): Promise<RegionPorts> {
  return wishes.frontDoor === 0 ? freeBlock(wishes, () => anyBlock(wishes.random)) : hold(wishes, false);
}

/**
 * The ports of several regions: the wishes are those of the first, the others lie in the next free blocks.
 * @throws Error when there are no free ports
 */
export async function planPortsOfRegions(wishes: PortWishes, regionCount: number): Promise<readonly RegionPorts[]> {
  const plans = [await planPorts(wishes)];
  for (let i = 1; i < regionCount; i++) {
    const taken = new Set(plans.map(({ frontDoor }) => frontDoor));
    let next = plans.at(-1)!.frontDoor;
    const block = (): number => {
      next = wishes.frontDoor === 0 ? anyBlock(wishes.random) : next + REGION_STRIDE;
      return taken.has(next) ? block() : next;
    };
    const dns = wishes.dns === 0 ? 0 : wishes.dns + i * DNS_STRIDE;
    plans.push(await freeBlock({ ...wishes, dns }, block));
  }
  return plans;
}

const anyBlock = (random: Random): number =>
  FIRST + BLOCK * Math.floor(random.next() * Math.floor((LAST - FIRST) / BLOCK));

async function freeBlock(wishes: PortWishes, block: () => number): Promise<RegionPorts> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await hold({ ...wishes, frontDoor: block() }, true);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/** Tries the ports behind the front door's. `isWhole`: all of them or none; otherwise others stand in for those taken. */
async function hold({ frontDoor, dns, zoneCount, host, random }: PortWishes, isWhole: boolean): Promise<RegionPorts> {
  // Held until all are chosen, so that none is given twice.
  const held: Close[] = [];
  const choose = async (open: Opener, wanted: number, isOfBlock = true) => {
    for (let port = wanted, attempt = 1; ; attempt++) {
      try {
        held.push(await open(port));
        return port;
      } catch (error) {
        if ((isWhole && isOfBlock) || attempt === ATTEMPTS) throw error;
        port = FIRST + Math.floor(random.next() * (LAST - FIRST));
      }
    }
  };
  try {
    if (isWhole) held.push(await openTcp(frontDoor, host));
    const dnsBase = dns === 0 ? frontDoor + PORT_OFFSETS.dns : dns;
    const zones: ZonePorts[] = [];
    for (let i = 0; i < zoneCount; i++) {
      zones.push({
        clients: await choose(openTcp, frontDoor + PORT_OFFSETS.clients + i),
        internal: await choose(openTcp, frontDoor + PORT_OFFSETS.internal + i),
        dns: await choose(openBoth, dnsBase + i, dns === 0),
      });
    }
    const log = await choose(openTcp, frontDoor + PORT_OFFSETS.log);
    const certificateAuthority = await choose(openTcp, frontDoor + PORT_OFFSETS.certificateAuthority);
    return { frontDoor, zones, log, certificateAuthority };
  } finally {
    for (const close of held) close();
  }
}

const openTcp: Opener = (port, host = HOST) =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => resolve(() => server.close()));
  });

const openUdp: Opener = port =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', error => {
      socket.close();
      reject(error);
    });
    socket.bind({ port, address: HOST, exclusive: true }, () => resolve(() => socket.close()));
  });

/** The same port for TCP and UDP. */
const openBoth: Opener = async port => {
  const closeTcp = await openTcp(port);
  try {
    const closeUdp = await openUdp(port);
    return () => {
      closeTcp();
      closeUdp();
    };
  } catch (error) {
    closeTcp();
    throw error;
  }
};
