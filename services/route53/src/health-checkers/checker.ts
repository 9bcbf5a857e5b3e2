/** One checker of an endpoint: turns its opinion only after as many like results in a row as the health check asks for. */
import type { Observation } from './observation.ts';
import type { ProbeResult } from './probe.ts';

export class Checker {
  readonly #region: string;
  readonly #ipAddress: string;
  readonly #threshold: number;
  /** Undefined until it has judged. */
  opinion: 'healthy' | 'unhealthy' | undefined;
  newest: Observation | undefined;
  lastFailure: Observation | undefined;
  #last: boolean | undefined;
  #streak = 0;

  constructor(place: { readonly region: string; readonly ipAddress: string }, threshold: number, before?: Checker) {
    this.#region = place.region;
    this.#ipAddress = place.ipAddress;
    this.#threshold = threshold;
    this.opinion = before?.opinion;
    this.newest = before?.newest;
    this.lastFailure = before?.lastFailure;
  }

  note({ isHealthy, status }: ProbeResult, checkedAt: number): void {
    this.#streak = this.#last === isHealthy ? this.#streak + 1 : 1;
    this.#last = isHealthy;
    if (this.#streak >= this.#threshold) this.opinion = isHealthy ? 'healthy' : 'unhealthy';
    this.newest = { region: this.#region, ipAddress: this.#ipAddress, status, checkedAt };
    if (!isHealthy) this.lastFailure = this.newest;
  }
}
