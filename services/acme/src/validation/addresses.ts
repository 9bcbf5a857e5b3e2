/** Where a name leads, as the zone's own resolver says. */
import { isIP } from 'node:net';
import { errorStory } from '@stormglass/base';
import type { Resolve } from '../deps.ts';
import { ValidationFailed } from './outcome.ts';

const ADDRESSES_MAX = 4;

/** At least one address, those of IPv4 first. @throws ValidationFailed */
export async function addressesOf(name: string, resolve: Resolve): Promise<readonly string[]> {
  if (isIP(name) !== 0) return [name];
  const found = [...(await records(name, 'A', resolve)), ...(await records(name, 'AAAA', resolve))];
  const addresses = found.map(({ data }) => String(data)).filter(address => isIP(address) !== 0);
  if (addresses.length === 0) throw new ValidationFailed('dns', `${name} has no address.`);
  return addresses.slice(0, ADDRESSES_MAX);
}

/** The records of one type, without the aliases that led to them. @throws ValidationFailed */
export async function records(name: string, type: string, resolve: Resolve) {
  try {
    return (await resolve(name, type)).filter(record => record.type === type);
  } catch (cause) {
    throw new ValidationFailed('dns', `${type} of ${name} cannot be resolved: ${errorStory(cause)}`, cause);
  }
}
