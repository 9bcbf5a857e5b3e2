/**
 * Everything that is broken in one host, as a message and as what the host asks before it acts. The message is always
 * the whole of it, as JSON, so that telling it twice changes nothing and a host that starts late is told the same.
 */
import { BlobDamage, type BlobDamageRule } from './blob-damage.ts';
import { CallFaults, type PostedCallRule } from './call-faults.ts';
import { DnsFaults, type DnsRule } from './dns-faults.ts';

export interface HostRules {
  /** How far the host's wall clock is off, in ms. */
  readonly skewMs: number;
  readonly diskFull: boolean;
  readonly dns: readonly DnsRule[];
  readonly calls: readonly PostedCallRule[];
  /** What is done to the objects on its disk, once each. */
  readonly blobs?: readonly BlobDamageRule[];
  /** Every call takes so much longer, in ms. */
  readonly callLatencyMs: number;
}

/** Asked before each write to a disk; throws where the write is to fail. */
export type BeforeWrite = () => void;

export class HostFaults {
  readonly calls: CallFaults;
  readonly dns = new DnsFaults();
  readonly blobs = new BlobDamage();
  #isDiskFull = false;
  #skewMs = 0;

  constructor(zone: string) {
    this.calls = new CallFaults(zone);
  }

  /** Puts these in force in place of what there was. */
  replace({ skewMs, diskFull, dns, calls, callLatencyMs, blobs = [] }: HostRules): void {
    this.#skewMs = skewMs;
    this.#isDiskFull = diskFull;
    this.dns.replace(dns);
    this.blobs.replace(blobs);
    this.calls.replace(calls, callLatencyMs);
  }

  get skewMs(): number {
    return this.#skewMs;
  }

  /** @throws Error with the code `ENOSPC` */
  readonly beforeWrite: BeforeWrite = () => {
    if (!this.#isDiskFull) return;
    throw Object.assign(new Error('ENOSPC: no space left on device (injected)'), { code: 'ENOSPC' });
  };
}
