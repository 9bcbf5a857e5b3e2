/**
 * The addresses of hosts, asked every other second and remembered: a host that is away for a moment keeps the address it
 * had, as it does in a table of routes.
 */
import type { Cancel, Clock } from '@stormglass/base';
import { addressOfHost } from './zone-names.ts';

const EVERY_MS = 2000;
const UNKNOWN_EVERY_MS = 200;

export class Addresses {
  readonly #known = new Map<string, string>();
  readonly #clock: Clock;
  #cancel: Cancel = () => {};
  #closed = false;

  constructor(hosts: readonly string[], clock: Clock) {
    this.#clock = clock;
    void this.#look(hosts);
  }

  /** Empty while it is not known. */
  of(host: string): string {
    return this.#known.get(host) ?? '';
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  async #look(hosts: readonly string[]): Promise<void> {
    await Promise.all(
      hosts.map(async host => {
        const address = await addressOfHost(host);
        if (address !== undefined) this.#known.set(host, address);
      }),
    );
    if (this.#closed) return;
    const again = hosts.every(host => this.#known.has(host)) ? EVERY_MS : UNKNOWN_EVERY_MS;
    this.#cancel = this.#clock.after(again, () => void this.#look(hosts));
  }
}
