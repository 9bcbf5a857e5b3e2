/** The arguments of a link that runs alone. */
import { parseArgs } from 'node:util';
import type { LinkPort } from './link.ts';

export interface LinkCommand {
  readonly from: string;
  readonly to: string;
  readonly target: string;
  readonly tcp: readonly LinkPort[];
  readonly udp: readonly LinkPort[];
  readonly address: string;
  readonly api: number;
}

export const USAGE = `usage: node infra/link/src/main.ts --from PLACE --to PLACE --target HOST
  [--tcp PORT,...] [--udp PORT,...]   ports of the target, listened on here as well; LISTEN:PORT where they differ
  [--listen ADDRESS]                  127.0.0.1 unless told
  [--api PORT]                        rules and figures over HTTP (8474)
  Port 0 to listen on is any that is free.`;

const PORTS_MAX = 256;

/** @throws Error that says what is wrong with them */
export function parseCommand(args: readonly string[]): LinkCommand {
  const { values } = parseArgs({
    args: [...args],
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      target: { type: 'string' },
      tcp: { type: 'string', default: '' },
      udp: { type: 'string', default: '' },
      listen: { type: 'string', default: '127.0.0.1' },
      api: { type: 'string', default: '8474' },
    },
  });
  const { from = '', to = '', target = '' } = values;
  for (const [name, value] of Object.entries({ from, to, target })) {
    if (value === '') throw new Error(`--${name} is missing`);
  }
  if (from === to) throw new Error('--from and --to must be two places');
  const command = { tcp: parsePorts('tcp', values.tcp), udp: parsePorts('udp', values.udp) };
  if (command.tcp.length + command.udp.length === 0) throw new Error('--tcp or --udp must name a port');
  return { ...command, from, to, target, address: values.listen, api: parsePort('api', values.api, 0) };
}

function parsePorts(option: string, text: string): readonly LinkPort[] {
  const ports = text
    .split(',')
    .filter(part => part !== '')
    .map((part): LinkPort => {
      const [listen = '', target = listen] = part.split(':');
      return { listen: parsePort(option, listen, 0), target: parsePort(option, target, 1) };
    });
  if (ports.length > PORTS_MAX) throw new Error(`--${option} names more than ${PORTS_MAX} ports`);
  return ports;
}

function parsePort(option: string, text: string, min: number): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port >= min && port <= 65_535)) throw new Error(`--${option}: ${text} is not a port from ${min} to 65535`);
  return port;
}
