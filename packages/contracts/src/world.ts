/**
 * The world's control API: what the `stormglass` command and test harnesses ask of the process outside the zones. JSON
 * over HTTP on a Unix socket in the region's run folder. Nothing in a zone ever calls it.
 */
import { request } from 'node:http';
import type { Revocation } from '@stormglass/pki';
import type {
  ChaosAnswer,
  ChaosRequest,
  ContributorReport,
  GlobalStsMode,
  ObjectsReport,
  ZoneHealth,
} from './zone-host.ts';

/** How a zone can be taken away. */
export const ZONE_OUTAGES = ['power-off', 'freeze', 'cut-off'] as const;
export type ZoneOutage = (typeof ZONE_OUTAGES)[number];

export type ZoneCondition = 'off' | 'starting' | 'running' | 'frozen' | 'stopping';

export interface ZoneStatus {
  readonly id: string;
  readonly name: string;
  readonly condition: ZoneCondition;
  /** Whether the front door sends clients there. */
  readonly healthy: boolean;
  /** Whether all of its services answer, and have caught up. */
  readonly serves: boolean;
  /** What the zone last said of its log; undefined while it does not answer. */
  readonly log: 'ok' | 'degraded' | 'no-quorum' | undefined;
  /** Who answers the global endpoint of STS to those who ask the zone's resolver. */
  readonly globalSts: GlobalStsMode;
  readonly outages: readonly ZoneOutage[];
  readonly pid: number | undefined;
  readonly endpoint: string;
  /** Its own, where names lead to, on the port of the first region's endpoint; undefined where the machine has none to give. */
  readonly address: string | undefined;
  /** Address and port of its resolver. */
  readonly dns: string;
  /** Whether its disk takes writes; undefined while it does not answer. */
  readonly disk?: ZoneHealth['disk'];
  /** How far its copy of another region's IAM is behind; absent in the home region, and while it does not answer. */
  readonly identity?: ZoneHealth['identity'] | undefined;
  /** State of the zone's certificates; undefined while it does not answer. */
  readonly certificates: ZoneHealth['certificates'];
  readonly restarts: number;
  /** Why its host could not start when it last tried; absent when it could. */
  readonly startError?: string | undefined;
  readonly connections: number;
}

export interface FaultStatus {
  readonly id: string;
  readonly fault: string;
  readonly from?: string;
  readonly to?: string;
  readonly zone?: string;
  readonly region?: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** When it ends by itself, in ms since the epoch. */
  readonly endsAt?: number;
}

/** One of the regions of a world. */
export interface OneRegionStatus {
  readonly region: string;
  readonly partition: string;
  readonly endpoint: string;
  readonly engine: string;
  readonly ready: boolean;
  readonly folder: string;
  readonly rootFile: string;
  readonly zones: readonly ZoneStatus[];
}

/** The first region of a world, and what all of them have in common. */
export interface RegionStatus {
  readonly region: string;
  readonly endpoint: string;
  readonly engine: string;
  readonly ready: boolean;
  readonly pid: number;
  readonly startedAt: number;
  readonly folder: string;
  /** The root certificate, PEM: what clients of the region's TLS endpoints need to trust. */
  readonly rootFile: string;
  readonly ephemeral: boolean;
  readonly zones: readonly ZoneStatus[];
  /** In force in any region. */
  readonly faults: readonly FaultStatus[];
  /** All of them, the first included; absent where there can be one only. */
  readonly regions?: readonly OneRegionStatus[];
}

/** What one zone's replica of a log looks like from inside; `doctor` compares them. */
export interface ReplicaReport {
  readonly zone: string;
  readonly log: string;
  readonly applied: number;
  readonly hash: number;
  readonly snapshotSeq: number;
  readonly state: 'ok' | 'degraded' | 'no-quorum';
}

export interface DoctorReport {
  readonly findings: readonly { readonly level: 'ok' | 'warning' | 'problem'; readonly text: string }[];
  readonly replicas: readonly ReplicaReport[];
}

/** A certificate as an operator sees it. */
export interface CertificateStatus {
  readonly serial: string;
  /** What it is for, in words. */
  readonly holder: string;
  /** In ms since the epoch. */
  readonly notAfter: number;
  readonly revocation?: Revocation;
}

export interface FaultRequest {
  readonly fault: string;
  readonly zone?: string;
  /** For what is done to a whole region; all of them unless said. */
  readonly region?: string;
  readonly from?: string;
  readonly to?: string;
  readonly oneWay?: boolean;
  readonly toxicity?: number;
  readonly seed?: number;
  readonly durationMs?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The world answered with an error, or could not be reached (`notRunning`). */
export class WorldError extends Error {
  override readonly name = 'WorldError';
  readonly notRunning: boolean;
  constructor(message: string, options: ErrorOptions & { notRunning?: boolean } = {}) {
    super(message, options);
    this.notRunning = options.notRunning === true;
  }
}

/** Calls to the world behind a socket, or a port where only the operator gets to; each rejects with `WorldError`. */
export class WorldClient {
  readonly #where: { readonly socketPath: string } | { readonly host: string; readonly port: number };

  constructor(where: string | { readonly host: string; readonly port: number }) {
    this.#where = typeof where === 'string' ? { socketPath: where } : where;
  }

  status = (): Promise<RegionStatus> => this.#call('GET', '/status');
  doctor = (): Promise<DoctorReport> => this.#call('GET', '/doctor');
  /** How the bytes of S3's objects stand; of the zones that answer. */
  objects = (): Promise<readonly ObjectsReport[]> => this.#call('GET', '/objects');
  /** Has a zone, or all of them, read their blobs again; resolves with those that have begun. */
  scrubObjects = (zone?: string): Promise<readonly string[]> =>
    this.#call('POST', zone === undefined ? '/objects/scrub' : `/objects/scrub/${zone}`);
  /** Who calls most; of the zones that answer. */
  contributors = (): Promise<readonly ContributorReport[]> => this.#call('GET', '/contributors');
  /** Resolves when the region serves in every zone that is not held down; rejects after `timeoutMs`. */
  wait = (timeoutMs: number): Promise<RegionStatus> => this.#call('POST', '/wait', { timeoutMs });
  disableZone = (zone: string, outage: ZoneOutage): Promise<ZoneStatus> =>
    this.#call('POST', `/zones/${zone}/disable`, { outage });
  enableZone = (zone: string): Promise<ZoneStatus> => this.#call('POST', `/zones/${zone}/enable`);
  addFault = (fault: FaultRequest): Promise<FaultStatus> => this.#call('POST', '/faults', fault);
  clearFaults = (id?: string): Promise<{ cleared: number }> =>
    this.#call('DELETE', id === undefined ? '/faults' : `/faults/${id}`);
  /** LocalStack's chaos API; resolves with its answer, whatever the status. */
  chaos = (asked: ChaosRequest): Promise<ChaosAnswer> => this.#call('POST', '/chaos', asked);
  certificates = (): Promise<readonly CertificateStatus[]> => this.#call('GET', '/certificates');
  /** Revocation lists, PEM. */
  revocationLists = (): Promise<string> => this.#call('GET', '/revocation-lists');
  revokeCertificate = (serial: string): Promise<void> => this.#call('POST', `/certificates/${serial}/revoke`);
  /** Has the authority sign with a new intermediate. */
  rotateAuthority = (): Promise<void> => this.#call('POST', '/rotate-authority');
  /** Of one zone, or of all. */
  setGlobalSts = (mode: GlobalStsMode, zone?: string): Promise<void> =>
    this.#call('PUT', zone === undefined ? '/global-sts' : `/global-sts/${zone}`, { mode });
  stop = (): Promise<void> => this.#call('POST', '/stop');

  #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      const payload = body === undefined ? '' : JSON.stringify(body);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
      const call = request({ ...this.#where, method, path, headers }, response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('end', () => {
          const answer = JSON.parse(Buffer.concat(chunks).toString() || 'null');
          if ((response.statusCode ?? 500) < 400) resolve(answer as T);
          else reject(new WorldError(answer?.message ?? `status ${response.statusCode}`));
        });
      });
      call.on('error', cause => reject(new WorldError('the region is not running', { cause, notRunning: true })));
      call.end(payload);
    });
  }
}
