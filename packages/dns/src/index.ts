/** DNS: authorities for names, and the resolver that every zone of a region runs. */
export * from './authority.ts';
export { type DnsServer, type DnsServerLimits, type DnsServerOptions, startDnsServer } from './dns-server.ts';
export { type DnsTransport, type QueryReport, type QueryTrouble, Resolver, type ResolverOptions } from './resolver.ts';
export { type StaticZone, staticAuthority } from './static-authority.ts';
export type { UpstreamAddress } from './upstream.ts';
