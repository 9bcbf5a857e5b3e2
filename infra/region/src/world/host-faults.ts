/**
 * Faults in hosts: what each switch of the fault board does to the authority, to a host's processor, and to what the
 * host is told. A host is always told everything that is broken in it, also when it is powered on.
 */
import type { Clock } from '@stormglass/base';
import type { ToHost } from '@stormglass/contracts';
import {
  BLOB_DAMAGES,
  type BlobDamageKind,
  type BlobDamageRule,
  controlPlaneRules,
  DNS_FAULTS,
  type DnsFault,
  type DnsRule,
  type HostRules,
  type PostedCallRule,
} from '@stormglass/faults';
import type { AuthorityService } from './certificates/authority-service.ts';
import type { FaultSwitch } from './fault-board.ts';

/** Where the links between zones and the certificate authority end. */
export const AUTHORITY_PLACE = 'ca';

const HEARD_WITHIN_MS = 250;

interface Host {
  send(message: ToHost): boolean;
  /** `share` of one core, from 0 to 1; undefined: as much as there is. */
  limitCpu(share: number | undefined): void;
}

type ZoneFaults = { -readonly [Name in 'skewMs' | 'diskFull' | 'dns' | 'blobs']-?: NonNullable<HostRules[Name]> };

export class HostFaultSwitches {
  readonly #hosts: ReadonlyMap<string, Host>;
  readonly #zones = new Map<string, ZoneFaults>();
  #calls: readonly PostedCallRule[] = [];
  #callLatencyMs = 0;
  #isChanging = false;
  #version = 0;
  /** What hosts were told last and have not confirmed yet. */
  readonly #unheard = new Map<string, number>();
  #onHeard: (() => void)[] = [];
  /** How each kind of host fault is brought about. */
  readonly switches: Readonly<Record<string, FaultSwitch>>;

  constructor(
    authority: Pick<AuthorityService, 'setAway' | 'setEnded' | 'setBanned'>,
    hosts: ReadonlyMap<string, Host>,
  ) {
    this.#hosts = hosts;
    const dns = (fault: DnsFault): FaultSwitch => {
      return (isOn, { id, zone, settings }) => {
        const rule = { id, fault, settings } as unknown as DnsRule;
        const faults = this.#of(zone);
        faults.dns = isOn ? [...faults.dns, rule] : faults.dns.filter(each => each.id !== id);
        this.tell(zone);
      };
    };
    const blobs = (damage: BlobDamageKind): FaultSwitch => {
      return (isOn, { id, zone, settings }) => {
        const rule = { id, damage, ...settings } as unknown as BlobDamageRule;
        const faults = this.#of(zone);
        faults.blobs = isOn ? [...faults.blobs, rule] : faults.blobs.filter(each => each.id !== id);
        this.tell(zone);
      };
    };
    this.switches = {
      'ca-outage': isOn => authority.setAway(isOn),
      'certificate-expired': (isOn, { zone }) => {
        authority.setEnded(zone, isOn);
        hosts.get(zone)?.send({ type: 'renew' });
      },
      'certificate-revoked': (isOn, { zone }) => authority.setBanned(zone, isOn),
      'clock-skew': (isOn, { zone, settings }) => {
        this.#of(zone).skewMs = isOn ? Number(settings.skewMs) : 0;
        this.tell(zone);
      },
      'disk-full': (isOn, { zone }) => {
        this.#of(zone).diskFull = isOn;
        this.tell(zone);
      },
      'cpu-limit': (isOn, { zone, settings }) => hosts.get(zone)?.limitCpu(isOn ? Number(settings.share) : undefined),
      ...Object.fromEntries(Object.keys(BLOB_DAMAGES).map(name => [name, blobs(name as BlobDamageKind)])),
      ...Object.fromEntries(Object.keys(DNS_FAULTS).map(name => [name, dns(name as DnsFault)])),
      call: (isOn, { id, settings }) => {
        this.#calls = isOn ? [...this.#calls, { id, rule: settings }] : this.#calls.filter(each => each.id !== id);
        this.#tellAll();
      },
      'control-plane-outage': (isOn, { id, settings }) => {
        const rules = controlPlaneRules(String(settings.service)).map(rule => ({ id, rule }));
        this.#calls = isOn ? [...this.#calls, ...rules] : this.#calls.filter(each => each.id !== id);
        this.#tellAll();
      },
      'call-latency': (isOn, { settings }) => {
        this.#callLatencyMs = isOn ? Number(settings.latencyMs) : 0;
        this.#tellAll();
      },
    };
  }

  /** What is broken in the host of a zone. */
  rulesOf(zone: string): HostRules {
    return { ...this.#of(zone), calls: this.#calls, callLatencyMs: this.#callLatencyMs };
  }

  /** Tells the host of a zone what is broken in it. */
  tell(zone: string): void {
    const version = ++this.#version;
    const isSent = this.#hosts.get(zone)?.send({ type: 'faults', version, rules: this.rulesOf(zone) });
    if (isSent === true) this.#unheard.set(zone, version);
    else this.#unheard.delete(zone);
  }

  /** The host of a zone has put in force what it was told. */
  heard(zone: string, version: number): void {
    if (this.#unheard.get(zone) !== version) return;
    this.#unheard.delete(zone);
    if (this.#unheard.size === 0) for (const resolve of this.#onHeard.splice(0)) resolve();
  }

  /** Resolves when every host has put in force what it was told, or has not said so for a while: it may be frozen. */
  async inForce(clock: Clock): Promise<void> {
    if (this.#unheard.size === 0) return;
    await new Promise<void>(resolve => {
      const cancel = clock.after(HEARD_WITHIN_MS, resolve);
      this.#onHeard.push(() => {
        cancel();
        resolve();
      });
    });
  }

  /** Several changes that hosts hear of as one. */
  together(change: () => void): void {
    this.#isChanging = true;
    try {
      change();
    } finally {
      this.#isChanging = false;
      this.#tellAll();
    }
  }

  #tellAll(): void {
    if (this.#isChanging) return;
    for (const zone of this.#hosts.keys()) this.tell(zone);
  }

  #of(zone: string): ZoneFaults {
    const known = this.#zones.get(zone);
    if (known !== undefined) return known;
    const fresh = { skewMs: 0, diskFull: false, dns: [], blobs: [] };
    this.#zones.set(zone, fresh);
    return fresh;
  }
}
