import { SimClock } from '@stormglass/testing';
import { describe, expect, it } from 'vitest';
import { ClientLimit, networkOf } from './client-limit.ts';

describe('the limit of answers to a network', () => {
  it('lets as many through as it says, tells every second one more to come over TCP, and fills up again', async () => {
    const clock = new SimClock();
    const limit = new ClientLimit(3, clock);
    const admitted = (count: number, address = '192.0.2.1') =>
      Array.from({ length: count }, () => limit.admit(address));
    expect(admitted(7)).toEqual(['answer', 'answer', 'answer', 'nothing', 'come over TCP', 'nothing', 'come over TCP']);
    // The same /24, and another one.
    expect(limit.admit('192.0.2.200')).toBe('nothing');
    expect(limit.admit('192.0.3.1')).toBe('answer');
    await clock.run(clock.monotonic() + 1_000);
    expect(admitted(4)).toEqual(['answer', 'answer', 'answer', 'come over TCP']);
  });

  it('forgets the network that has asked least recently when there are too many', () => {
    const limit = new ClientLimit(1, new SimClock());
    expect(limit.admit('192.0.2.1')).toBe('answer');
    for (let at = 0; at < 4095; at++) limit.admit(`10.${at >> 8}.${at & 255}.1`);
    expect(limit.admit('192.0.2.1')).not.toBe('answer');
    for (let at = 0; at < 4096; at++) limit.admit(`11.${at >> 8}.${at & 255}.1`);
    expect(limit.admit('192.0.2.1')).toBe('answer');
  });

  it.each([
    ['192.0.2.77', '192.0.2'],
    ['::ffff:192.0.2.77', '192.0.2'],
    ['2001:db8:1:2ff::1', '8193:3512:1:2'],
    ['2001:db8:1:200:1:2:3:4', '8193:3512:1:2'],
    ['2001:db8::', '8193:3512:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', '65152:0:0:0'],
  ])('%s lies in %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
