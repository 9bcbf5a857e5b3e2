/**
 * What zones ask of one another, and the world of a zone's host. Between zones: HTTP on the zone's internal port, over
 * mutual TLS. Between world and host: messages over the process channel, because connections travel on it too.
 */
import type { Contribution, Limit } from '@stormglass/hot-state';
import type { CertificateState, SignedIdentityDocument } from '@stormglass/pki';
import type { Enrolment } from './certificate-authority.ts';
import type { ReplicaReport } from './world.ts';

/** Everything a zone's host process is told when it is powered on. */
export interface ZoneHostConfig {
  readonly partition: string;
  readonly region: string;
  readonly homeRegion: string;
  readonly zone: string;
  /** The zone's disk. */
  readonly folder: string;
  /** Where the zone listens for clients of its own. */
  readonly port: number;
  /** Where it listens for other zones and the world. */
  readonly internalPort: number;
  /** Ids of the other zones. */
  readonly peers: readonly string[];
  /** The other regions of the partition, in the order in which they were asked for; none unless there are several. */
  readonly otherRegions: readonly OtherRegion[];
  readonly identity: HostIdentityConfig;
  readonly engine: EngineConfig;
  readonly dns: ResolverConfig;
  /** Where http-01 challenges are asked for, at every name: 80, unless nobody may listen there. */
  readonly acmeHttpPort: number;
  /** How often an account may call an operation in this zone; as often as it likes unless said. */
  readonly throttle?: Limit;
  /** The region's master key for S3's objects: 32 bytes in base64. The zone does not keep it. */
  readonly objectKey: string;
  readonly periods: Periods;
  readonly settings: HostSettings;
  /** What is broken in it from the start: `HostRules` of `@stormglass/faults`. */
  readonly faults: unknown;
  readonly logFile: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** After how long a zone does what nobody asks it for, in ms; what is not said is as at AWS. */
export interface Periods {
  /** A day of S3's lifecycle rules. */
  readonly lifecycleDayMs?: number | undefined;
  /** So long bytes of S3's objects lie on disks that nothing refers to; five minutes unless said. */
  readonly objectGraceMs?: number | undefined;
  /** Between two log files of a trail of CloudTrail; five minutes unless said. */
  readonly trailDeliveryMs?: number | undefined;
}

/**
 * Who answers `sts.amazonaws.com` (AWS IAM User Guide, "AWS STS Regions and endpoints"). `legacy`: the home region, to
 * everybody. `regional`: a region that every account uses answers those who asked the resolver of one of its zones; all
 * others are answered by the home region, and nobody ever by a third one.
 */
export const GLOBAL_STS_MODES = ['legacy', 'regional'] as const;
export type GlobalStsMode = (typeof GLOBAL_STS_MODES)[number];

/** What an operator may change in a zone while it runs. */
export interface HostSettings {
  /** How the zone's resolver answers for the global endpoint of STS. */
  readonly globalSts: GlobalStsMode;
}

/** Another region of the same partition, as a zone knows it. */
export interface OtherRegion {
  readonly name: string;
  readonly partition: string;
  readonly zones: readonly OtherRegionZone[];
  /** Where the names of its services lead from here: an address of this region, over the link between the two. */
  readonly gateway: string;
}

export interface OtherRegionZone {
  readonly id: string;
  /** Its own, where names lead to in its own region. */
  readonly address: string;
  readonly clientsPort: number;
  /** Where its hosts listen for others; this machine unless said otherwise. */
  readonly internalAddress?: string;
  readonly internalPort: number;
}

/** What a host needs to prove who it is. */
export interface HostIdentityConfig {
  readonly document: SignedIdentityDocument;
  /** The partition's root certificate, PEM: part of the machine's image. */
  readonly rootFile: string;
}

/** What was asked for of the region's resolvers. */
export interface DnsSettings {
  /** TTL of the region's names, in seconds. */
  readonly ttlSeconds: number;
  /** Who is asked for names that the region does not know; without one they are refused. */
  readonly upstream?: { readonly address: string; readonly port: number };
}

/** What a zone's resolver is told of the region; the services it knows itself. */
export interface ResolverConfig extends DnsSettings {
  /** Where it listens, UDP and TCP. */
  readonly port: number;
  /** The address it listens on: this machine's own unless said otherwise. */
  readonly listenHost?: string;
  readonly zones: readonly {
    readonly id: string;
    /** Where names lead to: the zone's own, or the front door's where the machine has none to give. */
    readonly address: string;
    readonly clientsPort: number;
    /** Where the zone is asked for its health; this machine unless said otherwise. */
    readonly clientsHost?: string;
    /** Where hosts of the zone listen for each other; this machine unless said otherwise. */
    readonly internalAddress?: string;
    readonly internalPort: number;
  }[];
  readonly logPort: number;
  readonly certificateAuthorityPort: number;
  /** A file for a line for each query. */
  readonly queryLogFile?: string;
}

export type EngineConfig =
  /** The region's own sequencer. */
  | { readonly kind: 'embedded' }
  /** `servers`: of a cluster outside the region, the zone's own server first. */
  | {
      readonly kind: 'jetstream' | 'etcd';
      readonly servers: readonly string[];
      /** Copies of each log; three unless said otherwise. */
      readonly replicas?: number;
      /** The servers ask for certificates of the region. */
      readonly isTls?: boolean;
    };

/**
 * `ready`: the zone listens. `failed`: it cannot, and ends. `closed`: a connection that was handed over has ended. `chaos`: a client asks something of
 * the fault board. `heard`: the faults of that version are in force.
 */
export type FromHost =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly error: string }
  | { readonly type: 'closed'; readonly id: number }
  | { readonly type: 'chaos'; readonly id: number; readonly asked: ChaosRequest }
  | { readonly type: 'heard'; readonly version: number };

/** A request of LocalStack's chaos API: `path` is `faults` or `effects`, the body as it came. */
export interface ChaosRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export interface ChaosAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * `connection` comes with a socket, and says which door took it and when (ms since the epoch). `links` are the rules
 * now in force, for connections the host makes itself. `faults` is all that is broken in the host, `settings` all that an
 * operator has set in it. `renew` has it renew
 * its certificates now. `chaos` answers what the host asked.
 */
export type ToHost =
  | { readonly type: 'connection'; readonly id: number; readonly door: 'region' | 'zone'; readonly acceptedAt: number }
  | { readonly type: 'links'; readonly rules: readonly unknown[] }
  | { readonly type: 'faults'; readonly version: number; readonly rules: unknown }
  | { readonly type: 'chaos'; readonly id: number; readonly answer: ChaosAnswer }
  | { readonly type: 'settings'; readonly settings: HostSettings }
  | { readonly type: 'renew' };

/** Answer of `/_stormglass/health` at a zone. */
export interface ZoneHealth {
  readonly status: 'ok' | 'starting';
  readonly region: string;
  readonly zone: string;
  readonly log: ReplicaReport['state'];
  readonly services: readonly string[];
  /** How far its copy of another region's IAM is behind; absent in the home region of IAM. */
  readonly identity?: MirrorHealth;
  /** Whether the zone's disk takes writes; absent where nobody looks. `failing`: it does not, and is not full either. */
  readonly disk?: 'ok' | 'full' | 'failing';
  /** The host's certificates; absent where there are none to have. */
  readonly certificates?: Readonly<Record<Enrolment, CertificateHealth>>;
}

export interface MirrorHealth {
  /** The home region. */
  readonly source: string;
  /** So long ago the zone last knew that it had everything, in ms; null while it never did. */
  readonly lagMs: number | null;
  /** Position in the home region's log. */
  readonly position: number;
}

export interface CertificateHealth {
  readonly state: CertificateState;
  /** In ms since the epoch; undefined while there is none. */
  readonly notAfter?: number | undefined;
}

/** Who called most in a zone of late, by table (`account`, `operation` ...), the greatest first. */
export interface ContributorReport {
  readonly zone: string;
  /** Of all processes of the zone that answer calls; else of the one that was asked. */
  readonly isShared: boolean;
  readonly windowMs: number;
  readonly tables: Readonly<Record<string, readonly Contribution[]>>;
}

/** Paths on the internal port of IAM's home region, for zones of the regions that mirror it. */
export const MIRROR = {
  feedPath: '/mirror/feed',
  /** GET: `FeedAnswer` of packages/identity, once there is news or `waitMs` have passed. */
  feed: (logId: string, after: number, waitMs: number) =>
    `/mirror/feed?log=${encodeURIComponent(logId)}&after=${after}&wait-ms=${waitMs}`,
  rowsPath: '/mirror/rows',
  /** GET: snapshot text with all rows of the asking region, or of one account that it is to hold. */
  rows: (accountId: string | undefined) => `/mirror/rows${accountId === undefined ? '' : `?account=${accountId}`}`,
  /** POST: `Confirmation` of packages/identity. */
  confirm: '/mirror/confirm',
} as const;

/** Paths on a zone's internal port for the bytes of S3's objects: open to hosts of the same region. */
export const BLOBS = {
  folder: '/blobs/',
  /**
   * PUT: stores the stored form of a blob, which is encrypted; 201 once it is on disk, 507 where there is no room. GET: that form; 404 where there is none,
   * 409 where it is damaged. DELETE: 409 where an object refers to it.
   */
  blob: (id: string) => `/blobs/${id}`,
  /** GET: that form from a frame on. */
  blobFrom: (id: string, frame: number) => `/blobs/${id}?frame=${frame}`,
} as const;

/** Paths on a zone's internal port about buckets, for zones of other regions of the partition. */
export const BUCKETS = {
  herePath: '/buckets/here',
  /** GET: `{ isHere }`, whether the region has a bucket of this name. */
  here: (name: string) => `/buckets/here?name=${encodeURIComponent(name)}`,
} as const;

/** How the bytes of S3's objects stand on a zone's disk. */
export interface ObjectsReport {
  readonly zone: string;
  /** Blobs that the index wants in this zone. */
  readonly wanted: number;
  /** Of these, not on the disk. */
  readonly missing: number;
  /** Of these, on the disk and not what was stored, as far as anybody has looked. */
  readonly damaged: number;
  /** On the disk, and not wanted: deleted in a while. */
  readonly unwanted: number;
  /** Copies that were fetched, and blobs that were deleted, since the host began. */
  readonly repaired: number;
  readonly collected: number;
  /** Bytes of the wanted ones that are on the disk, as stored. */
  readonly storedBytes: number;
  /** The look at every byte: blobs that the present round has seen, and when the last one was whole (ms since the epoch). */
  readonly scrub: { readonly isRunning: boolean; readonly checked: number; readonly endedAt: number | null };
}

/** Paths on a zone's internal port. */
export const INTERNAL = {
  /** GET: `ReplicaReport[]`. */
  replicas: '/replicas',
  /** GET: `ContributorReport`. */
  contributors: '/contributors',
  /** PUT, by the world alone: all that is broken in the host (`HostRules` of packages/faults). */
  faults: '/faults',
  /** PUT, by the world alone: all that an operator has set in the host (`HostSettings`). */
  settings: '/settings',
  /** PUT, by the world alone: the host renews its certificates now. */
  renew: '/renew',
  /** POST, with events a line each: 200 once they are in the log `cloudtrail` of this region; those that are known change nothing. */
  auditEvents: '/audit-events',
  /** POST, with a log file of CloudTrail for a bucket (`CarriedLog` of infra/region): 200 with the code of S3's error, if there is one. */
  logFiles: '/log-files',
  /** GET: `ObjectsReport`, of now. */
  objects: '/objects',
  /** PUT, by the world alone: the host reads all blobs on its disk again, as fast as it can. */
  scrubObjects: '/objects/scrub',
  /** GET: the newest state of a log as snapshot text; 404 when it does not reach to position `atLeast`. */
  snapshot: (log: string, atLeast: number) => `/snapshots/${log}?at-least=${atLeast}`,
} as const;
