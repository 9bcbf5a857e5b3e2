/** A link as a process of its own: `node infra/link/src/main.ts --from a --to b --target HOST --tcp 9000 --udp 53`. */
import type { AddressInfo } from 'node:net';
import { errorStory, jsonLogger, systemClock, systemRandom } from '@stormglass/base';
import { LinkRules } from '@stormglass/faults';
import { type LinkCommand, parseCommand, USAGE } from './command-line.ts';
import { Link } from './link.ts';
import { serveLinkApi } from './link-api.ts';
import { TimedRules } from './timed-rules.ts';

const logger = jsonLogger(systemClock, line => process.stderr.write(line), 'warn');

let command: LinkCommand;
try {
  command = parseCommand(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
  process.exit(2);
}

try {
  await run(command);
} catch (error) {
  process.stderr.write(`cannot start the link: ${errorStory(error)}\n`);
  process.exit(1);
}

async function run({ from, to, target, tcp, udp, address, api }: LinkCommand): Promise<void> {
  const rules = new LinkRules();
  const choose = (port: number) => ({ to, host: target, port });
  const link = await Link.start({ from, choose, tcp, udp, address, rules, clock: systemClock, logger });
  const timed = new TimedRules({ rules, places: [from, to], clock: systemClock, random: systemRandom });
  const stats = () => link.stats();
  const server = await serveLinkApi({ rules: timed, stats, logger, port: api, address });
  const ports = { tcp: link.tcpPorts, udp: link.udpPorts, api: (server.address() as AddressInfo).port };
  process.stdout.write(`${JSON.stringify({ from, to, target, address, ...ports })}\n`);

  const stop = () => {
    timed.close();
    link.close();
    server.close();
    server.closeAllConnections();
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
}
