import { describe, expect, it } from 'vitest';
import { staticAuthority } from './static-authority.ts';
import { SOA } from './testing/example-zone.ts';

const asked = { zone: 'use1-az1', region: 'us-east-1', client: '127.0.0.1' };
const soa = (name: string) => ({ ...SOA, name });
const a = (name: string) => ({ name, type: 'A', ttl: 1, data: '192.0.2.1' });

describe('a static authority', () => {
  const authority = staticAuthority([
    { apex: 'test', records: [soa('test'), a('A.test.'), a('x\\.y.test')] },
    { apex: 'b.test', records: [soa('b.test'), a('c.d.b.test')] },
  ]);

  it('knows its zones, the closest first', () => {
    const apex = (name: string) => authority.apexOf(name, asked);
    expect(['test', 'a.test', 'x.b.test', 'b.test', 'bb.test', 'other', ''].map(apex)).toEqual([
      'test',
      'test',
      'b.test',
      'b.test',
      'test',
      undefined,
      undefined,
    ]);
  });

  it('tells a dot inside a label from one between labels', () => {
    expect(authority.lookup('test', 'x\\.y.test', 'A', asked).kind).toBe('answer');
    expect(authority.lookup('test', 'x.y.test', 'A', asked).kind).toBe('no-such-name');
    expect(authority.lookup('test', 'y.test', 'A', asked).kind).toBe('no-such-name');
  });

  it('knows names between records', () => {
    expect(authority.lookup('b.test', 'd.b.test', 'A', asked)).toEqual({ kind: 'no-data' });
    expect(authority.lookup('b.test', 'b.test', 'MX', asked)).toEqual({ kind: 'no-data' });
  });

  it('can be that of the root', () => {
    const root = staticAuthority([{ apex: '', records: [soa(''), a('a')] }]);
    expect(root.apexOf('x.y', asked)).toBe('');
    expect(root.lookup('', 'a', 'A', asked).kind).toBe('answer');
  });

  it('refuses zones that are none', () => {
    expect(() => staticAuthority([{ apex: 'test', records: [] }])).toThrow('0 SOA records');
    expect(() => staticAuthority([{ apex: 'test', records: [soa('test'), soa('test')] }])).toThrow('2 SOA records');
    expect(() => staticAuthority([{ apex: 'b.test', records: [soa('b.test'), a('a.test')] }])).toThrow('does not lie');
  });
});
