/**
 * Where the events of a container go: to the CloudTrail of its zone, which has the log; and from there, those for the
 * trail of another region, to the CloudTrail of that region. And where its log files go: to the S3 of its zone.
 */
import { INTERNAL } from '@stormglass/contracts';
import { connectMutually } from '@stormglass/pki';
import {
  agentOver,
  assertTaken,
  CARRY_TIMEOUT_MS,
  carry,
  deliverOver,
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
  /** Takes log files of trails to the S3 of the zone, from CloudTrail alone. */
  readonly deliverLog?: NonNullable<ZoneOptions['deliverLog']>;
}

const CLOUDTRAIL = 'cloudtrail' satisfies ServiceName;
const S3 = 's3' satisfies ServiceName;
/** Longer than S3 waits for its log, twice. */
const LOG_TIMEOUT_MS = 15_000;

/** @param services those that run in this container */
export function auditDelivery(context: Context, host: Host, services: readonly ServiceName[]): AuditDelivery {
  return services.includes(CLOUDTRAIL) ? ofCloudTrail(context, host) : toOwnZone(context, host);
}

/** Connections to another container of the zone. */
function agentTo(part: ServiceName, { region, zone }: Context['settings'], identity: Host['identity']) {
  return agentOver(() =>
    connectMutually(identity, {
      ...{ host: hostName(part, zone), port: internalPort(part) },
      expects: peer => peer.role === 'host' && peer.region === region.name && peer.zone === zone,
    }),
  );
}

function toOwnZone({ settings, clock }: Context, { identity, links }: Host): AuditDelivery {
  const { zone } = settings;
  const agent = agentTo(CLOUDTRAIL, settings, identity);
  const call = { from: zone, to: zone, links, clock, agent, method: 'POST', path: INTERNAL.auditEvents } as const;
  return {
    forward: async (_region, events) =>
      assertTaken(await internalCall({ ...call, body: carry(events), timeoutMs: CARRY_TIMEOUT_MS })),
    close: async () => agent.destroy(),
  };
}

function ofCloudTrail({ settings, clock }: Context, { identity, resolve, links }: Host): AuditDelivery {
  const { region, zone, otherRegions } = settings;
  const ordinal = region.zones.findIndex(({ id }) => id === zone);
  const calls = new RegionCalls({ zone, ordinal, otherRegions, identity, resolve, links, clock });
  const agent = agentTo(S3, settings, identity);
  const post = { from: zone, to: zone, links, clock, agent, method: 'POST', path: INTERNAL.logFiles } as const;
  return {
    forward: forwardEvents(calls),
    deliverLog: deliverOver(body => internalCall({ ...post, body, timeoutMs: LOG_TIMEOUT_MS })),
    async close() {
      agent.destroy();
      calls.close();
    },
  };
}
