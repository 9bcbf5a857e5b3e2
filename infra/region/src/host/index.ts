/** What a host is made of, for those who put one together in another way: one container a service, for instance. */

export { auditRoutes } from './audit/audit-routes.ts';
export { carry } from './audit/carried-events.ts';
export { assertTaken, CARRY_TIMEOUT_MS, forwardEvents } from './audit/forward-events.ts';
export { deliverOver, logRoutes } from './audit/log-deliveries.ts';
export { spoolFiles } from './audit/spool-store.ts';
export { AuthorityClient } from './authority-client.ts';
export { type AskChaos, mountChaos } from './chaos-routes.ts';
export { DiskWatch } from './disk-watch.ts';
export { type Engine, startEngine } from './engine.ts';
export { HostCertificates } from './host-certificates.ts';
export { type InternalApiOptions, serveInternalApi } from './internal-api.ts';
export { agentOver, internalCall } from './internal-call.ts';
export { INTERNAL_NAMES, type Resolve } from './locate.ts';
export { mirrorRoutes } from './mirror-routes.ts';
export { mirrorSource } from './mirror-source.ts';
export { nameServersOf } from './name-servers.ts';
export { BlobPeers } from './objects/blob-peers.ts';
export { bucketsElsewhere } from './objects/bucket-regions.ts';
export type { ObjectStoreParts } from './objects/zone-objects.ts';
export { peerSnapshots } from './peer-snapshots.ts';
export { publishCertificates, zoneHealth } from './published-certificates.ts';
export { RegionCalls } from './region-calls.ts';
export { startZoneResolver, type ZoneResolver } from './resolver.ts';
export { Silence } from './silence.ts';
