/** Faults of clocks and certificates: what each switch of the fault board does to the authority and to hosts. */
import type { ToHost } from '@stormglass/contracts';
import type { AuthorityService } from './certificates/authority-service.ts';
import type { FaultSwitch } from './fault-board.ts';

/** Where the links between zones and the certificate authority end. */
export const AUTHORITY_PLACE = 'ca';

interface Host {
  send(message: ToHost): boolean;
}

/** `skews`: how far the clock of each zone's host is off, in ms. */
export function hostFaults(
  authority: AuthorityService,
  hosts: ReadonlyMap<string, Host>,
  skews: Map<string, number>,
): Record<string, FaultSwitch> {
  const setClock = (zone: string, skewMs: number) => {
    skews.set(zone, skewMs);
    hosts.get(zone)?.send({ type: 'clock', skewMs });
  };
  return {
    'ca-outage': isOn => authority.setAway(isOn),
    'certificate-expired': (isOn, zone) => {
      authority.setEnded(zone, isOn);
      hosts.get(zone)?.send({ type: 'renew' });
    },
    'certificate-revoked': (isOn, zone) => authority.setBanned(zone, isOn),
    'clock-skew': (isOn, zone, { skewMs = 0 }) => setClock(zone, isOn ? skewMs : 0),
  };
}
