import { expect, it } from 'vitest';
import { parseCommand } from './command-line.ts';

const ends = ['--from', 'a', '--to', 'b', '--target', 'far'];

it('reads ports, and ports that differ', () => {
  expect(parseCommand([...ends, '--tcp', '9000,0:9001', '--udp', '53', '--listen', '0.0.0.0', '--api', '1'])).toEqual({
    ...{ from: 'a', to: 'b', target: 'far', address: '0.0.0.0', api: 1 },
    tcp: [
      { listen: 9000, target: 9000 },
      { listen: 0, target: 9001 },
    ],
    udp: [{ listen: 53, target: 53 }],
  });
});

it.each([
  [[], '--from is missing'],
  [['--from', 'a', '--to', 'a', '--target', 'far', '--tcp', '1'], '--from and --to must be two places'],
  [ends, '--tcp or --udp must name a port'],
  [[...ends, '--tcp', '0'], '--tcp: 0 is not a port from 1 to 65535'],
  [[...ends, '--udp', '70000'], '--udp: 70000 is not a port from 0 to 65535'],
  [[...ends, '--tcp', '1', '--api', 'x'], '--api: x is not a port from 0 to 65535'],
  [[...ends, '--tpc', '1'], /^Unknown option '--tpc'/],
])('refuses %j', (args, message) => {
  expect(() => parseCommand(args)).toThrow(message);
});
