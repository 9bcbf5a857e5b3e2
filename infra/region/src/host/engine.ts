/** Opens a zone's end of a log, with whichever engine the region uses. Engines with libraries are loaded only if used. */
import { join } from 'node:path';
import type { Clock, Logger } from '@stormglass/base';
import type { EngineConfig } from '@stormglass/contracts';
import type { BeforeWrite } from '@stormglass/faults';
import { connectMutually, type TlsIdentity, type VerifiedPeer } from '@stormglass/pki';
import {
  type FromZone,
  type LogTracing,
  openJournal,
  type ReplicatedLog,
  socketChannel,
  type ToZone,
  ZoneLink,
} from '@stormglass/replicated-state';
import { INTERNAL_NAMES, locate, type Resolve } from './locate.ts';

export interface Engine {
  open(log: string): Promise<ReplicatedLog>;
  /** A loss of quorum up to this long is waited out, in ms. */
  readonly quorumGraceMs: number;
  /** How long a call may wait for the log, in ms. */
  readonly deadlineMs: number;
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly config: EngineConfig;
  readonly region: string;
  /** The zone's disk. */
  readonly folder: string;
  /** Who this host is on internal connections. */
  readonly identity: TlsIdentity;
  readonly resolve: Resolve;
  /** Asked before each write to the disk; throws where it is to fail. */
  readonly beforeWrite?: BeforeWrite;
  /** Hears of traced entries that are written to the zone's journals. */
  readonly tracing?: (log: string) => LogTracing | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

type ExternalEngine = Exclude<EngineConfig, { kind: 'embedded' }>;

export function startEngine(options: EngineOptions): Engine {
  const { config } = options;
  switch (config.kind) {
    case 'embedded':
      return embedded(options);
    case 'jetstream':
      return jetstream(options, config);
    case 'etcd':
      return etcd(options, config);
  }
}

function embedded({ region, folder, identity, resolve, beforeWrite, tracing, clock, logger }: EngineOptions): Engine {
  const link = new ZoneLink({
    clock,
    logger,
    connect: async () => {
      const where = await locate(resolve, INTERNAL_NAMES.log(region));
      const expects = (peer: VerifiedPeer) => peer.role === 'world' && peer.region === region;
      return socketChannel<FromZone, ToZone>(await connectMutually(identity, { ...where, expects }), { clock });
    },
  });
  // The connection ends with the certificate that opened it, so a renewed one opens another in good time.
  let { serial } = identity;
  const stopFollowing = identity.onChange(() => {
    if (identity.serial === serial) return;
    serial = identity.serial;
    link.reconnect();
  });
  return {
    open: async log =>
      link.open(log, await openJournal(join(folder, 'journal', log), logger, beforeWrite), tracing?.(log)),
    // Two silent zones are noticed after 400 ms; together with this a write is refused well within a second.
    quorumGraceMs: 250,
    deadlineMs: 5000,
    async close() {
      stopFollowing();
      link.close();
    },
  };
}

function jetstream({ identity, clock, logger }: EngineOptions, { servers, replicas, isTls }: ExternalEngine): Engine {
  return {
    open: async log => {
      const { openJetStreamLog } = await import('@stormglass/replicated-state/jetstream');
      return openJetStreamLog({
        servers,
        name: log,
        clock,
        logger,
        ...(replicas === undefined ? {} : { replicas }),
        ...(isTls ? { tls: () => clientTls(identity) } : {}),
      });
    },
    // Elections take four to nine seconds and cannot be tuned; requests wait for them.
    quorumGraceMs: 15_000,
    deadlineMs: 25_000,
    close: async () => {},
  };
}

/** The certificate that the host shows on internal connections, for clients that make their own. */
function clientTls({
  options,
  credential,
  bundle,
}: TlsIdentity): { cert: string; key: string; ca: string } | undefined {
  if (options === undefined || credential === undefined || bundle === undefined) return undefined;
  return {
    cert: [credential.certificate, ...credential.chain].join(''),
    key: credential.key,
    ca: bundle.roots.join(''),
  };
}

function etcd({ identity, clock, logger }: EngineOptions, { servers, isTls }: ExternalEngine): Engine {
  return {
    open: async log => {
      const { openEtcdLog } = await import('@stormglass/replicated-state/etcd');
      return openEtcdLog({ servers, name: log, clock, logger, ...(isTls ? { tls: () => clientTls(identity) } : {}) });
    },
    // An election takes one to two and a half seconds with etcd's own timers.
    quorumGraceMs: 4000,
    deadlineMs: 10_000,
    close: async () => {},
  };
}
