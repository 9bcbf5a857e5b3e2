/** What every host lets its telemetry watch: how full it is, and how far its logs have come. */
import type { Clock } from '@stormglass/base';
import type { LogHealth, Seq } from '@stormglass/replicated-state';
import type { Admission } from './admission.ts';
import type { Telemetry } from './telemetry.ts';
import type { Traffic } from './traffic.ts';

export function observeAdmission(telemetry: Telemetry, admission: Admission): void {
  telemetry.observe({
    name: 'stormglass.admission.refused',
    kind: 'counter',
    unit: '{call}',
    description: 'Calls refused because the host was full',
    read: () => admission.refused,
  });
  telemetry.observe({
    name: 'stormglass.call.in_flight',
    kind: 'gauge',
    unit: '{call}',
    description: 'Calls the host is working on',
    read: () => admission.inFlight,
  });
}

export function observeTraffic(telemetry: Telemetry, traffic: Traffic): void {
  telemetry.observe({
    name: 'stormglass.call.throttled',
    kind: 'counter',
    unit: '{call}',
    description: 'Calls refused because their account had called that operation too often',
    read: () => traffic.throttled,
  });
  telemetry.observe({
    name: 'stormglass.hot_state.shared',
    kind: 'gauge',
    unit: '1',
    description: '1: limits and counts are shared with other processes of the zone, 0: they are of this one alone',
    read: () => Number(traffic.hot.isShared),
  });
}

/** What telemetry needs of a replica. */
interface WatchedReplica {
  readonly applied: Seq;
  health(): LogHealth;
}

export function observeLog(telemetry: Telemetry, log: string, replica: WatchedReplica): void {
  const attributes = { 'stormglass.log.name': log };
  telemetry.observe({
    name: 'stormglass.log.applied',
    kind: 'gauge',
    unit: '{entry}',
    description: 'Position of the last log entry applied here',
    attributes,
    read: () => replica.applied,
  });
  telemetry.observe({
    name: 'stormglass.log.health',
    kind: 'gauge',
    unit: '1',
    description: '0: ok, 1: a copy is missing, 2: no quorum',
    attributes,
    read: () => HEALTH[replica.health().state],
  });
}

/** What telemetry needs of a copy of another region's IAM. */
interface WatchedMirror {
  readonly lag: { readonly lagMs: number | undefined; readonly lagEntries: number };
}

export function observeMirror(telemetry: Telemetry, source: string, mirror: WatchedMirror): void {
  const attributes = { 'stormglass.mirror.source': source };
  telemetry.observe({
    name: 'stormglass.mirror.lag',
    kind: 'gauge',
    unit: 's',
    description: 'Since the zone last knew that it had everything of the region it mirrors; -1 while it never did',
    attributes,
    read: () => (mirror.lag.lagMs ?? -1000) / 1000,
  });
  telemetry.observe({
    name: 'stormglass.mirror.lag_entries',
    kind: 'gauge',
    unit: '{entry}',
    description: 'Entries of the mirrored log that the zone has heard of and does not have',
    attributes,
    read: () => mirror.lag.lagEntries,
  });
}

/** `identity`: whose end is watched; `name`: which certificate it is. */
export function observeCertificate(
  telemetry: Telemetry,
  name: string,
  identity: { readonly notAfter: number | undefined; readonly clock: Clock },
): void {
  telemetry.observe({
    name: 'stormglass.certificate.remaining',
    kind: 'gauge',
    unit: 's',
    description: 'How long the certificate is still valid by the clock of this host; negative once it has ended',
    attributes: { 'stormglass.certificate.name': name },
    read: () => ((identity.notAfter ?? identity.clock.now()) - identity.clock.now()) / 1000,
  });
}

const HEALTH = { ok: 0, degraded: 1, 'no-quorum': 2 } as const satisfies Record<LogHealth['state'], number>;
