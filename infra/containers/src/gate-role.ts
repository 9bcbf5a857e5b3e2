/**
 * The way into a zone that has a machine of its own: what links of other machines and the world send to the machine's
 * address goes to the parts of the zone, and what hosts of the zone ask of the world goes to the world's machine. It holds
 * no rules: connections have met their faults in the link that they come from.
 */
import { LinkRules } from '@stormglass/faults';
import { type Destination, Link } from '@stormglass/link';
import { keepHealthFile } from './health-file.ts';
import type { Closing, Surroundings } from './host.ts';
import { EVERY_ADDRESS, gatePorts, hostName, partBehind, WORLD, worldPorts } from './parts.ts';

const GATE = 'gate';

/** Where a connection to a port of the gate goes. */
export const behindGate = (zone: string, port: number): Destination =>
  worldPorts.includes(port)
    ? { to: WORLD, host: WORLD, port }
    : { to: zone, host: hostName(partBehind(port), zone), port };

export async function runGate({ settings, clock, logger }: Surroundings): Promise<Closing> {
  const { zone, log } = settings;
  const same = (port: number) => ({ listen: port, target: port });
  const { tcp, udp } = gatePorts(log);
  const link = await Link.start({
    ...{ from: GATE, rules: new LinkRules(), clock, logger, address: EVERY_ADDRESS },
    ...{ tcp: [...tcp, ...worldPorts].map(same), udp: udp.map(same) },
    choose: port => behindGate(zone, port),
  });
  const stopHealthFile = keepHealthFile(settings.healthFile, () => true, clock);
  return {
    async close() {
      stopHealthFile();
      link.close();
    },
  };
}
