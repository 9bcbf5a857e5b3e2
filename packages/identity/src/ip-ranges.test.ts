import { BlockList } from 'node:net';
import { randomInt, seededRandom } from '@stormglass/base';
import { expect, it } from 'vitest';
import { cidrTest } from './ip-ranges.ts';

it.each([
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.0.0.0/8', '11.0.0.0', false],
  ['10.0.0.128/25', '10.0.0.127', false],
  ['0.0.0.0/0', '1.2.3.4', true],
  ['1.2.3.4', '1.2.3.4', true],
  ['2001:db8::/33', '2001:db8:7fff::1', true],
  ['2001:db8::/33', '2001:db8:8000::1', false],
  ['::ffff:1.2.3.4/128', '::ffff:102:304', true],
  ['::/0', '1.2.3.4', false],
  ['1.2.3.4/', '1.2.3.4', false],
  ['1.2.3.4/33', '1.2.3.4', false],
  ['1.2.3/8', '1.2.3.4', false],
  ['1.2.3.0/24', 'nonsense', false],
])('%s holds %s: %s', (range, address, expected) => {
  expect(cidrTest(range)(address)).toBe(expected);
});

it('agrees with node about IPv4 subnets', () => {
  const random = seededRandom(9);
  // Few distinct bytes, so that addresses share prefixes of every length.
  const address = () => Array.from({ length: 4 }, () => [0, 1, 128, 255][randomInt(random, 4)]).join('.');
  for (let i = 0; i < 2000; i++) {
    const [network, candidate, bits] = [address(), address(), randomInt(random, 33)];
    const block = new BlockList();
    block.addSubnet(network, bits);
    expect(cidrTest(`${network}/${bits}`)(candidate), `${network}/${bits} ${candidate}`).toBe(block.check(candidate));
  }
});
