/** Names, ids and addresses of a region, generated: nothing in the product spells a zone or an endpoint by hand. */

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

/** A region of `zoneCount` zones. `ordinal`: which of the machine's regions it is, from 0 to 255. */
export function planRegion(name: string, zoneCount = 3, ordinal = 0): Region {
  const prefix = zoneIdPrefix(name);
  const zones = Array.from({ length: zoneCount }, (_, i) => ({
    id: `${prefix}-az${i + 1}`,
    name: `${name}${String.fromCharCode(97 + i)}`,
    address: `127.66.${ordinal}.${i + 1}`,
  }));
  return { name, partition: 'aws', homeRegion: 'us-east-1', zones };
}
