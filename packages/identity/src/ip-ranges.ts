/** IPv4 and IPv6 addresses and CIDR ranges, for `IpAddress` and `NotIpAddress`. */
import { BlockList, isIP } from 'node:net';
import type { TextTest } from './patterns.ts';

/** A test for addresses inside `range`, which is an address or CIDR; an unreadable range holds nothing. */
export function cidrTest(range: string): TextTest {
  const [address = '', prefix] = range.split('/');
  const version = isIP(address);
  if (version === 0) return () => false;
  const bitsMax = version === 4 ? 32 : 128;
  const bits = prefix === undefined ? bitsMax : Number(prefix);
  if (prefix === '' || !Number.isInteger(bits) || bits < 0 || bits > bitsMax) return () => false;

  const family = version === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(address, bits, family);
  // Comparing within one family only: node would find an IPv4 address in ::ffff:0:0/96, IAM does not.
  return text => isIP(text) === version && block.check(text, family);
}
