/** Opens a zone's end of a log, with whichever engine the region uses. Engines with libraries are loaded only if used. */
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Clock, Logger } from '@stormglass/base';
import type { EngineConfig } from '@stormglass/contracts';
import {
  type FromZone,
  openJournal,
  type ReplicatedLog,
  socketChannel,
  type ToZone,
  ZoneLink,
} from '@stormglass/replicated-state';

export interface Engine {
  open(log: string): Promise<ReplicatedLog>;
  /** A loss of quorum up to this long is waited out, in ms. */
  readonly quorumGraceMs: number;
  /** How long a call may wait for the log, in ms. */
  readonly deadlineMs: number;
  close(): Promise<void>;
}

/** `folder` is the zone's disk. */
export function startEngine(config: EngineConfig, folder: string, clock: Clock, logger: Logger): Engine {
  switch (config.kind) {
    case 'embedded':
      return embedded(config.socket, folder, clock, logger);
    case 'jetstream':
      return jetstream(config.servers, clock, logger);
    case 'etcd':
      return etcd(config.servers, clock, logger);
  }
}

function embedded(socketPath: string, folder: string, clock: Clock, logger: Logger): Engine {
  const link = new ZoneLink({
    clock,
    logger,
    connect: () =>
      new Promise((resolve, reject) => {
        const socket = connect(socketPath);
        socket.once('error', reject);
        socket.once('connect', () => resolve(socketChannel<FromZone, ToZone>(socket)));
      }),
  });
  return {
    open: async log => link.open(log, await openJournal(join(folder, 'journal', log), logger)),
    // Two silent zones are noticed after 400 ms; together with this a write is refused well within a second.
    quorumGraceMs: 250,
    deadlineMs: 5000,
    close: async () => link.close(),
  };
}

function jetstream(servers: readonly string[], clock: Clock, logger: Logger): Engine {
  return {
    open: async log => {
      const { openJetStreamLog } = await import('@stormglass/replicated-state/jetstream');
      return openJetStreamLog({ servers, name: log, clock, logger });
    },
    // Elections take four to nine seconds and cannot be tuned; requests wait for them.
    quorumGraceMs: 15_000,
    deadlineMs: 25_000,
    close: async () => {},
  };
}

function etcd(servers: readonly string[], clock: Clock, logger: Logger): Engine {
  return {
    open: async log => {
      const { openEtcdLog } = await import('@stormglass/replicated-state/etcd');
      return openEtcdLog({ servers, name: log, clock, logger });
    },
    // An election takes one to two and a half seconds with etcd's own timers.
    quorumGraceMs: 4000,
    deadlineMs: 10_000,
    close: async () => {},
  };
}
