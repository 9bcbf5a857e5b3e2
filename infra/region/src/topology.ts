/** Names, ids and addresses of a region, generated: nothing in the product spells a zone or an endpoint by hand. */
import { homeRegionOf, partitionOf } from '@stormglass/base';

export interface Zone {
  /** `use1-az1`: the same for every account. */
  readonly id: string;
  /** `us-east-1a`. */
  readonly name: string;
  /** An address of the loopback network that is the zone's own, where the machine has it (`ownAddresses`). */
  readonly address: string;
}

export interface Region {
  readonly name: string;
  readonly partition: string;
  /** Where the partition's global control planes live. */
  readonly homeRegion: string;
  readonly zones: readonly Zone[];
  /** Which of the machine's regions it is, from 0. */
  readonly ordinal: number;
}

const DIRECTIONS: Record<string, string> = {
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  central: 'c',
};

/**
 * The prefix of a region's zone ids: `us-east-1` gives `use1` (AWS, "Availability Zone IDs for your AWS resources").
 * @throws RangeError when the name has not the form of a region's
 */
export function zoneIdPrefix(region: string): string {
  const match = /^([a-z]{2,4}(?:-[a-z]+)?)-([a-z]+)-(\d+)$/.exec(region);
  const direction = match === null ? undefined : DIRECTIONS[match[2]!];
  if (match === null || direction === undefined) throw new RangeError(`${region} is not the name of a region`);
  return `${match[1]!.replace('-', '')}${direction}${match[3]}`;
}

/**
 * A region of `zoneCount` zones. `ordinal`: which of the machine's regions it is, from 0 to 255.
 * @throws RangeError when the name has not the form of a region's
 */
export function planRegion(name: string, zoneCount = 3, ordinal = 0): Region {
  const prefix = zoneIdPrefix(name);
  const zones = Array.from({ length: zoneCount }, (_, i) => ({
    id: `${prefix}-az${i + 1}`,
    name: `${name}${String.fromCharCode(97 + i)}`,
    address: `127.66.${ordinal}.${i + 1}`,
  }));
  const partition = partitionOf(name);
  return { name, partition, homeRegion: homeRegionOf(partition), zones, ordinal };
}

/** What a partition has in place of `amazonaws.com` (AWS SDKs, `partitions.json`, "dnsSuffix"). */
const DOMAINS: Readonly<Record<string, string>> = { 'aws-cn': 'amazonaws.com.cn', 'aws-eusc': 'amazonaws.eu' };
const AWS_DOMAIN = 'amazonaws.com';

/** The domains of AWS that a region answers for: that of its partition, and the one everybody writes. */
export function awsDomainsOf(region: string): readonly string[] {
  const own = DOMAINS[partitionOf(region)];
  return own === undefined ? [AWS_DOMAIN] : [AWS_DOMAIN, own];
}

/** Regions of one machine at a time: their processes share its memory. */
export const REGIONS_MAX = 8;

/**
 * Several regions of one machine, the first of which is where everything is that is asked for without a region.
 * @throws RangeError when a name is none of a region's, or there twice, or there are too many
 */
export function planRegions(names: readonly string[]): readonly Region[] {
  if (new Set(names).size < names.length) throw new RangeError('a region is named twice');
  if (names.length > REGIONS_MAX) throw new RangeError(`there can be ${REGIONS_MAX} regions at most`);
  return names.map((name, ordinal) => planRegion(name, undefined, ordinal));
}

/** The others a region has links to: nothing leads from one partition to another. */
export const othersOf = (region: Region, all: readonly Region[]): readonly Region[] =>
  all.filter(other => other.partition === region.partition && other.name !== region.name);

/** Where a region's gateway to another one listens: an address of the asking region, which carries to the other. */
export const gatewayAddress = (asking: Region, other: Region): string =>
  `127.66.${asking.ordinal}.${100 + other.ordinal}`;

/** Where the links of such gateways begin. */
export const gatewayPlace = (region: string): string => `${zoneIdPrefix(region)}-gateway`;

/** Every zone of a region and its gateways, as a link rule names them (`LinkRule`). */
export const everyPlaceOf = (region: string): string => `${zoneIdPrefix(region)}-*`;
