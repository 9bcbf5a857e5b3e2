/**
 * Where the events of a container go: to the CloudTrail of its zone, which has the log; and from there, those for the
 * trail of another region, to the CloudTrail of that region.
 */
import { INTERNAL } from '@stormglass/contracts';
import { connectMutually } from '@stormglass/pki';
import {
  agentOver,
  assertTaken,
  CARRY_TIMEOUT_MS,
  carry,
  forwardEvents,
  internalCall,
  RegionCalls,
} from '@stormglass/region/host';
import type { ServiceName } from '@stormglass/region/services';
import type { ZoneOptions } from '@stormglass/region/zone';
import type { Closing, Context, Host } from './host.ts';
import { hostName, internalPort } from './parts.ts';

export interface AuditDelivery extends Closing {
  readonly forward: NonNullable<ZoneOptions['forwardEvents']>;
}

const CLOUDTRAIL = 'cloudtrail' satisfies ServiceName;

/** @param services those that run in this container */
export function auditDelivery(context: Context, host: Host, services: readonly ServiceName[]): AuditDelivery {
  return services.includes(CLOUDTRAIL) ? toOtherRegions(context, host) : toOwnZone(context, host);
}

function toOwnZone({ settings, clock }: Context, { identity, links }: Host): AuditDelivery {
  const { region, zone } = settings;
  const agent = agentOver(() =>
    connectMutually(identity, {
      ...{ host: hostName(CLOUDTRAIL, zone), port: internalPort(CLOUDTRAIL) },
      expects: peer => peer.role === 'host' && peer.region === region.name && peer.zone === zone,
    }),
  );
  const call = { from: zone, to: zone, links, clock, agent, method: 'POST', path: INTERNAL.auditEvents } as const;
  return {
    forward: async (_region, events) =>
      assertTaken(await internalCall({ ...call, body: carry(events), timeoutMs: CARRY_TIMEOUT_MS })),
    close: async () => agent.destroy(),
  };
}

function toOtherRegions({ settings, clock }: Context, { identity, resolve, links }: Host): AuditDelivery {
  const { region, zone, otherRegions } = settings;
  const ordinal = region.zones.findIndex(({ id }) => id === zone);
  const calls = new RegionCalls({ zone, ordinal, otherRegions, identity, resolve, links, clock });
  return { forward: forwardEvents(calls), close: async () => calls.close() };
}
