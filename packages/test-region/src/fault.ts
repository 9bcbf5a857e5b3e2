/** One fault that is in force, and its end. */
import type { FaultStatus } from '@stormglass/contracts';
import type { RegionDriver } from './region-driver.ts';

/** In force until it is cleared, until its duration is over, or until `await using` leaves its block. */
export class Fault implements AsyncDisposable {
  readonly status: FaultStatus;
  readonly #driver: RegionDriver;

  constructor(driver: RegionDriver, status: FaultStatus) {
    this.#driver = driver;
    this.status = status;
  }

  /** Mends it; once it is over, this does nothing. */
  async clear(): Promise<void> {
    await this.#driver.clearFaults(this.status.id);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.clear();
  }
}
