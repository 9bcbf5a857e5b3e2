/**
 * The checkers of one zone: three for each health check with an endpoint, taking turns over its interval. The zone
 * believes what most of the three believe. It looks at the zone's copy of the state now and then, and so follows whatever
 * is created, changed or deleted; it writes nothing, so it goes on while the log has no quorum.
 */
import type { Cancel, Clock, Logger } from '@stormglass/base';
import type { HealthCheck, HostedZonesView } from '@stormglass/hosted-zones';
import { Checker } from './checker.ts';
import type { HealthObservations, Observation } from './observation.ts';
import { type Probe, type ProbeTarget, targetOf } from './probe.ts';

export interface HealthCheckersOptions {
  readonly view: HostedZonesView;
  readonly probe: Probe;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly region: string;
  /** Availability zone, by id. */
  readonly zone: string;
}

const CHECKERS = 3;
/** How often the state is looked at for health checks that are new, changed or gone, in ms. */
const LOOK_MS = 250;
/** Probes under way at once; one whose turn comes when there are as many is left out. */
const PROBES_MAX = 256;
const DEFAULT = { threshold: 3, intervalSeconds: 30 };

/** The checkers of one health check, in one version of its settings. */
interface Endpoint {
  readonly version: number;
  readonly checkers: readonly Checker[];
  readonly stop: AbortController;
  readonly cancels: Cancel[];
}

export class HealthCheckers implements HealthObservations {
  readonly #options: HealthCheckersOptions;
  readonly #endpoints = new Map<string, Endpoint>();
  #generation = -1;
  #inFlight = 0;
  #left = 0;
  #cancelLook: Cancel = () => {};
  #closed = false;

  constructor(options: HealthCheckersOptions) {
    this.#options = options;
    this.#look();
  }

  /** What most checkers of this zone believe; undefined while too few have judged. */
  status(healthCheckId: string): 'healthy' | 'unhealthy' | undefined {
    const checkers = this.#endpoints.get(healthCheckId)?.checkers ?? [];
    const count = (opinion: string) => checkers.filter(checker => checker.opinion === opinion).length;
    if (count('unhealthy') > CHECKERS / 2) return 'unhealthy';
    return count('healthy') > CHECKERS / 2 ? 'healthy' : undefined;
  }

  newest(healthCheckId: string): readonly Observation[] {
    return this.#seen(healthCheckId, checker => checker.newest);
  }

  failures(healthCheckId: string): readonly Observation[] {
    return this.#seen(healthCheckId, checker => checker.lastFailure);
  }

  /** Probes left out because too many were under way. */
  get leftOut(): number {
    return this.#left;
  }

  close(): void {
    this.#closed = true;
    this.#cancelLook();
    for (const id of [...this.#endpoints.keys()]) this.#end(id);
  }

  #seen(id: string, read: (checker: Checker) => Observation | undefined): readonly Observation[] {
    return (this.#endpoints.get(id)?.checkers ?? []).map(read).filter(observation => observation !== undefined);
  }

  #look(): void {
    const { view, clock } = this.#options;
    if (view.healthCheckGeneration !== this.#generation) {
      this.#generation = view.healthCheckGeneration;
      this.#reconcile();
    }
    this.#cancelLook = clock.after(LOOK_MS, () => this.#look());
  }

  /** Makes what runs what should run; can be done any number of times. */
  #reconcile(): void {
    const wanted = new Map([...this.#options.view.healthChecks()].map(check => [check.id, check]));
    for (const id of [...this.#endpoints.keys()]) if (!wanted.has(id)) this.#end(id);
    for (const check of wanted.values()) {
      const running = this.#endpoints.get(check.id);
      if (running?.version === check.version) continue;
      this.#end(check.id);
      const target = check.config.disabled ? undefined : targetOf(check.config);
      if (target !== undefined) this.#begin(check, target, running);
    }
  }

  #begin({ id, version, config }: HealthCheck, target: ProbeTarget, before: Endpoint | undefined): void {
    const { clock, region } = this.#options;
    const { failureThreshold = DEFAULT.threshold, requestInterval = DEFAULT.intervalSeconds } = config;
    const checkers = Array.from({ length: CHECKERS }, (_, i) => {
      const place = { region, ipAddress: this.#addressOf(i) };
      return new Checker(place, failureThreshold, before?.checkers[i]);
    });
    const endpoint: Endpoint = { version, checkers, stop: new AbortController(), cancels: [] };
    this.#endpoints.set(id, endpoint);
    const intervalMs = requestInterval * 1000;
    for (const [i, checker] of checkers.entries()) {
      const turn = () => {
        endpoint.cancels[i] = clock.after(intervalMs, turn);
        void this.#probe(id, endpoint, checker, target);
      };
      endpoint.cancels[i] = clock.after((i * intervalMs) / CHECKERS, turn);
    }
  }

  /** Made up: checkers share the address of the machine, and are told apart by these. */
  #addressOf(index: number): string {
    return `127.0.${/\d+$/.exec(this.#options.zone)?.[0] ?? '0'}.${index + 1}`;
  }

  #end(id: string): void {
    const endpoint = this.#endpoints.get(id);
    if (endpoint === undefined) return;
    this.#endpoints.delete(id);
    for (const cancel of endpoint.cancels) cancel();
    endpoint.stop.abort();
  }

  async #probe(id: string, { stop }: Endpoint, checker: Checker, target: ProbeTarget): Promise<void> {
    if (this.#inFlight >= PROBES_MAX) {
      this.#left++;
      return;
    }
    const { probe, clock, logger } = this.#options;
    this.#inFlight++;
    const result = await probe(target, stop.signal);
    this.#inFlight--;
    if (this.#closed || stop.signal.aborted) return;
    const before = this.status(id);
    checker.note(result, clock.now());
    const after = this.status(id);
    if (before !== after) logger.info('health check turned', { healthCheckId: id, before, after, saw: result.status });
  }
}
