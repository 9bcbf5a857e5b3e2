/**
 * What every container of a zone has: an identity, certificates, the authority, and a way to find others. It starts with
 * none of it but its disk, and goes on trying.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cancel, Clock, Logger, Random } from '@stormglass/base';
import { type HostSettings, INTERNAL } from '@stormglass/contracts';
import { type HostFaults, type HostRules, LinkRules } from '@stormglass/faults';
import type { SignedIdentityDocument, TlsIdentity } from '@stormglass/pki';
import {
  AuthorityClient,
  type Engine,
  HostCertificates,
  type InternalApiOptions,
  type Resolve,
  serveInternalApi,
  startEngine,
} from '@stormglass/region/host';
import type { Telemetry } from '@stormglass/service-kit';
import { keepHealthFile } from './health-file.ts';
import { EVERY_ADDRESS, hostName, internalPort, PORTS, type ZonePart } from './parts.ts';
import type { ContainerSettings } from './settings.ts';
import { zoneNames } from './zone-names.ts';

/** What `main.ts` gives to every role. */
export interface Surroundings {
  readonly settings: ContainerSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** What it gives to those that are part of a zone. */
export interface Context extends Surroundings {
  readonly telemetry: Telemetry;
  /** What is broken in this container; the world says so. */
  readonly faults: HostFaults;
}

export interface Closing {
  close(): Promise<void>;
}

export interface Host {
  readonly part: ZonePart;
  /** Who the container is on internal connections. */
  readonly identity: TlsIdentity;
  /** The names that clients see. */
  readonly endpoint: TlsIdentity;
  readonly certificates: HostCertificates;
  readonly authority: AuthorityClient;
  readonly resolve: Resolve;
  /** None: in containers the links between zones are containers of their own. */
  readonly links: LinkRules;
  /** Ids of the other zones. */
  readonly peers: readonly string[];
  openEngine(): Engine;
  /** Listens for the other zones and the world. */
  serveInternalApi(
    shown: Pick<
      InternalApiOptions,
      'replicas' | 'traffic' | 'forRegions' | 'forHosts' | 'blobs' | 'objects' | 'fromWorld'
    >,
  ): Promise<Closing>;
  /** What an operator has set, now. */
  settings(): HostSettings;
  keepHealthFile(isWell: () => boolean): Cancel;
  close(): Promise<void>;
}

/** Of a log, one a zone. */
const COPIES = 3;

export function openHost({ settings, clock, random, logger, faults }: Context, part: ZonePart): Host {
  const { region, zone, folder, identityFolder } = settings;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const zones = region.zones.map(({ id }) => id);
  const links = new LinkRules();
  const certificates = new HostCertificates({
    ...{ partition: region.partition, folder, beforeWrite: faults.beforeWrite, clock, random, logger },
    rootFile: join(identityFolder, 'root.pem'),
    document: () => JSON.parse(readFileSync(join(identityFolder, `${part}.json`), 'utf8')) as SignedIdentityDocument,
  });
  const { host: identity, endpoint } = certificates.identities;
  const { otherRegions } = settings;
  const resolve = zoneNames({ region: region.name, zone, zones, otherRegions, part, clock, random, logger });
  const authority = new AuthorityClient({ zone, region: region.name, identity, resolve, links, clock });
  const peers = zones.filter(id => id !== zone);
  certificates.start(authority);
  // Until the world has said otherwise.
  let set: HostSettings = { globalSts: settings.globalSts };
  return {
    ...{ part, identity, endpoint, certificates, authority, resolve, links, peers },
    openEngine: () =>
      startEngine({
        config: {
          kind: settings.log,
          servers: [zone, ...peers].map(id => logServer(settings.log, id)),
          replicas: Math.min(COPIES, zones.length),
          isTls: true,
        },
        ...{ region: region.name, folder, identity, resolve, beforeWrite: faults.beforeWrite, clock, logger },
      }),
    settings: () => set,
    serveInternalApi: shown =>
      serveInternalApi({
        ...{ zone, region: region.name, identity, clock, logger, ...shown },
        ...{ port: internalPort(part), host: EVERY_ADDRESS },
        fromWorld: {
          ...shown.fromWorld,
          [INTERNAL.faults]: rules => faults.replace(rules as HostRules),
          [INTERNAL.settings]: told => {
            set = told as HostSettings;
          },
          [INTERNAL.renew]: () => certificates.renew(),
        },
      }),
    keepHealthFile: isWell => keepHealthFile(settings.healthFile, isWell, clock),
    async close() {
      await certificates.close();
      authority.close();
    },
  };
}

const logServer = (log: ContainerSettings['log'], zone: string): string =>
  log === 'etcd' ? `https://${hostName('etcd', zone)}:${PORTS.etcd}` : `tls://${hostName('nats', zone)}:${PORTS.nats}`;
