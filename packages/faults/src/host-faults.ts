/** What can be wrong with clocks and certificates, in a zone's host or for the whole region. */
import { numberSetting } from './link-fault.ts';

export interface HostFaultKind {
  readonly name: string;
  /** One line for the documentation. */
  readonly summary: string;
  /** Whether it is done to one zone's host, or to the region. */
  readonly needsZone: boolean;
  /**
   * Checks what a caller gave.
   * @throws FaultSettingsError
   */
  parse(settings: Readonly<Record<string, unknown>>): Readonly<Record<string, number>>;
}

const WEEK_MS = 7 * 24 * 3_600_000;
const withoutSettings = () => ({});

const KINDS: readonly HostFaultKind[] = [
  {
    name: 'ca-outage',
    summary: 'nobody reaches the certificate authority; certificates last as long as they last',
    needsZone: false,
    parse: withoutSettings,
  },
  {
    name: 'certificate-expired',
    summary: 'the certificates of the zone have ended, and so have those it gets instead',
    needsZone: true,
    parse: withoutSettings,
  },
  {
    name: 'certificate-revoked',
    summary: 'the certificates of the zone are revoked, and it gets no others',
    needsZone: true,
    parse: withoutSettings,
  },
  {
    name: 'clock-skew',
    summary: 'skewMs: the wall clock of the zone is ahead by so much, or behind when negative',
    needsZone: true,
    parse: settings => ({ skewMs: numberSetting(settings, 'skewMs', { min: -WEEK_MS, max: WEEK_MS }) }),
  },
];

/** Every kind by name. */
export const HOST_FAULTS: ReadonlyMap<string, HostFaultKind> = new Map(KINDS.map(kind => [kind.name, kind]));
