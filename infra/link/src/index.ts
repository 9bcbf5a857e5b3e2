/** Links between places: what carries connections and datagrams through faults, in one process or as a sidecar. */
export { type Carried, type CarryOptions, carry } from './carry.ts';
export { type Destination, Link, type LinkOptions, type LinkPort, type LinkStats } from './link.ts';
export { serveLinkApi } from './link-api.ts';
export { LinkClient, LinkClientError, type WantedRule } from './link-client.ts';
export { type TimedRule, TimedRules } from './timed-rules.ts';
