import { type Answer, decode, encode } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { typeNumber } from './numbers.ts';
import { dataBytes } from './record-data.ts';

const record = (type: string, data: unknown) => ({ name: 'a.test', type, ttl: 1, data });

/** What `dns-packet` reads out of the bytes. */
function readBack(type: string, data: unknown): unknown {
  const bytes = dataBytes(record(type, data));
  const head = Buffer.alloc(23);
  head.writeUInt16BE(1, 6);
  head.writeUInt16BE(typeNumber(type), 13);
  head.writeUInt16BE(1, 15);
  head.writeUInt16BE(bytes.length, 21);
  const packet = Buffer.concat([head, bytes]);
  const [answer] = decode(packet).answers ?? [];
  expect(decode.bytes).toBe(packet.length);
  return (answer as { data: unknown }).data;
}

describe('record data', () => {
  it.each<[string, unknown]>([
    ['A', '192.0.2.1'],
    ['AAAA', '2001:db8::1'],
    ['CNAME', 'a.b.test'],
    ['NS', 'ns.test'],
    ['PTR', 'p.test'],
    ['MX', { preference: 10, exchange: 'mx.test' }],
    ['SRV', { priority: 1, weight: 2, port: 3, target: 's.test' }],
    ['SOA', { mname: 'm.test', rname: 'a\\.b.test', serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5 }],
    ['NAPTR', { order: 1, preference: 2, flags: 'u', services: 'E2U+sip', regexp: '!^.*$!x!', replacement: 'r.test' }],
    ['HINFO', { cpu: 'a', os: 'b' }],
    ['TLSA', { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.from('abcd') }],
    ['DS', { keyTag: 1, algorithm: 8, digestType: 2, digest: Buffer.alloc(32, 1) }],
    ['SSHFP', { algorithm: 4, hash: 2, fingerprint: 'AB'.repeat(32) }],
  ])('%s is read back by the library', (type, data) => {
    expect(readBack(type, data)).toEqual(data);
  });

  it('writes CAA and TXT', () => {
    expect(readBack('CAA', { flags: 0, tag: 'issue', value: 'ca.test' })).toMatchObject({
      tag: 'issue',
      value: 'ca.test',
    });
    expect(readBack('TXT', ['a', 'b'.repeat(255)])).toEqual([Buffer.from('a'), Buffer.from('b'.repeat(255))]);
    expect(dataBytes(record('SPF', 'v=spf1'))).toEqual(dataBytes(record('TXT', ['v=spf1'])));
  });

  it('takes bytes as they are', () => {
    const bytes = Buffer.from('000100', 'hex');
    expect(dataBytes(record('HTTPS', bytes))).toBe(bytes);
  });

  it.each<[string, unknown]>([
    ['A', '192.0.2.256'],
    ['A', '2001:db8::1'],
    ['A', undefined],
    ['AAAA', '192.0.2.1'],
    ['CNAME', 'a..b'],
    ['CNAME', { name: 'a' }],
    ['MX', 'mx.test'],
    ['MX', { preference: 70000, exchange: 'mx.test' }],
    ['SRV', { port: -1, target: 's.test' }],
    ['TXT', 'x'.repeat(256)],
    ['TXT', []],
    ['TXT', [7]],
    ['CAA', { tag: 'x'.repeat(256), value: '' }],
    ['NAPTR', { order: 1, preference: 2, flags: 'u', services: '', regexp: 'x'.repeat(256), replacement: 'r' }],
    ['SSHFP', { algorithm: 4, hash: 2, fingerprint: 'AB' }],
    ['HTTPS', 'text'],
    ['TYPE65280', undefined],
  ])('refuses %s data that it cannot be: %j', (type, data) => {
    expect(() => dataBytes(record(type, data))).toThrow(Error);
  });

  it('leaves the list of texts as it was, which the library does not', () => {
    const ours = ['a', 'b'];
    dataBytes(record('TXT', ours));
    expect(ours).toEqual(['a', 'b']);
    const theirs: unknown[] = ['a', 'b'];
    encode({ answers: [{ name: '.', type: 'TXT', data: theirs } as Answer] });
    expect(theirs).toEqual([Buffer.from('a'), Buffer.from('b')]);
  });
});
