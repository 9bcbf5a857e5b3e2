/** IPv4 and IPv6 addresses and CIDR ranges, for `IpAddress` and `NotIpAddress`. */
import { isIP } from 'node:net';
import type { TextTest } from './patterns.ts';

/** Four bytes for IPv4, sixteen for IPv6. */
type Address = readonly number[];

/** A test for addresses inside `range`, which is an address or CIDR; an unreadable range holds nothing. */
export function cidrTest(range: string): TextTest {
  const [text = '', prefix] = range.split('/');
  const network = parseAddress(text);
  if (network === undefined) return () => false;
  const bitsMax = network.length * 8;
  const bits = prefix === undefined ? bitsMax : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (!(bits <= bitsMax)) return () => false;
  return candidate => {
    const address = parseCandidate(candidate);
    // Addresses of the other family are never inside: IAM does not map IPv4 into IPv6.
    return address !== undefined && address.length === network.length && sameBits(address, network, bits);
  };
}

/** Whether the first `bits` bits agree. */
function sameBits(a: Address, b: Address, bits: number): boolean {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return false;
  const rest = bits & 7;
  if (rest === 0) return true;
  const shift = 8 - rest;
  return a[whole]! >> shift === b[whole]! >> shift;
}

/** All conditions of one evaluation ask about the same address: it is read once. */
let lastText = '';
let lastAddress: Address | undefined;

function parseCandidate(text: string): Address | undefined {
  if (text !== lastText) {
    lastAddress = parseAddress(text);
    lastText = text;
  }
  return lastAddress;
}

function parseAddress(text: string): Address | undefined {
  switch (isIP(text)) {
    case 4:
      return text.split('.').map(Number);
    case 6:
      return parseIpv6(text);
    default:
      return undefined;
  }
}

/** `text` is known to be well formed. */
function parseIpv6(text: string): Address {
  const [address = ''] = text.split('%');
  const [before = '', after] = address.split('::');
  const head = groupBytes(before);
  if (after === undefined) return head;
  const tail = groupBytes(after);
  return [...head, ...Array<number>(16 - head.length - tail.length).fill(0), ...tail];
}

/** Bytes of groups of four hexadecimal digits, of which the last may be an IPv4 address. */
function groupBytes(groups: string): number[] {
  if (groups === '') return [];
  return groups.split(':').flatMap(group => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}
