/** Hosted zones as the region's resolvers ask them. Reads the zone's own copy of the state, and nothing else. */
import type { Asked, Authority, Lookup, ResourceRecord } from '@stormglass/dns';
import { bareName, nameAsked, parentOf } from './names.ts';
import type { HostedZone } from './records.ts';
import { type LookupOptions, ZoneLookup } from './zone-lookup.ts';

/** @returns what a resolver asks: a private zone that the asker sees wins over a public one of the same name. */
export function hostedZonesAuthority(options: LookupOptions): Authority {
  const { view } = options;
  const answers = new ZoneLookup(options);

  const zoneAt = (name: string, asked: Asked): HostedZone | undefined => {
    const zones = view.zonesAt(name);
    return zones.find(zone => zone.vpcs?.some(({ region }) => region === asked.region)) ?? zones.find(isPublic);
  };
  const known = (apex: string, asked: Asked): HostedZone | undefined => {
    const name = nameAsked(apex);
    return name === undefined ? undefined : zoneAt(name, asked);
  };

  return {
    apexOf(name, asked) {
      for (let at = nameAsked(name); at !== undefined; at = parentOf(at))
        if (zoneAt(at, asked) !== undefined) return bareName(at);
      return undefined;
    },
    lookup(apex, name, type, asked): Lookup {
      const zone = known(apex, asked);
      const wanted = nameAsked(name);
      if (zone === undefined || wanted === undefined) return { kind: 'no-such-name' };
      const found = answers.lookup(zone, wanted, type, asked);
      return 'records' in found ? { kind: found.kind, records: found.records.map(bare) } : { kind: found.kind };
    },
    soa(apex, asked) {
      const zone = known(apex, asked);
      const found = zone === undefined ? undefined : answers.lookup(zone, zone.name, 'SOA', asked);
      // The zone may have been deleted since it was found: the answer that this ends is a negative one in any case.
      const [record] = found !== undefined && 'records' in found ? found.records : [];
      return record === undefined ? noZone(apex) : bare(record);
    },
  };
}

const isPublic = ({ vpcs }: HostedZone): boolean => vpcs === undefined;

const bare = ({ name, type, ttl, data }: ResourceRecord): ResourceRecord => ({ name, type, ttl, data });

const noZone = (name: string): ResourceRecord => ({
  name,
  type: 'SOA',
  ttl: 0,
  data: { mname: '', rname: '', serial: 0, refresh: 0, retry: 0, expire: 0, minimum: 0 },
});
