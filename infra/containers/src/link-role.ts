/** The link from one zone to another in a container: what hosts of the one take for the parts of the other. */
import { LinkRules } from '@stormglass/faults';
import { Link, serveLinkApi, TimedRules } from '@stormglass/link';
import { keepHealthFile } from './health-file.ts';
import type { Closing, Surroundings } from './host.ts';
import { EVERY_ADDRESS, hostName, linkPorts, PORTS, partBehind, placesOf } from './parts.ts';

export async function runLink({ settings, clock, random, logger }: Surroundings): Promise<Closing> {
  const { zone: from, to, log, region, otherRegions } = settings;
  const rules = new LinkRules();
  const same = (port: number) => ({ listen: port, target: port });
  const { tcp, udp } = linkPorts(log);
  const link = await Link.start({
    ...{ from, rules, clock, logger, address: EVERY_ADDRESS, tcp: tcp.map(same), udp: udp.map(same) },
    choose: port => ({ to, host: hostName(partBehind(port), to), port }),
  });
  // Rules are told for the whole region; those of other places do no harm here.
  const timed = new TimedRules({ rules, places: placesOf(region, otherRegions), clock, random });
  const stats = () => link.stats();
  const apiPort = PORTS.linkApi + region.zones.findIndex(({ id }) => id === to);
  const api = await serveLinkApi({ rules: timed, stats, logger, port: apiPort, address: EVERY_ADDRESS });
  const stopHealthFile = keepHealthFile(settings.healthFile, () => true, clock);
  return {
    async close() {
      stopHealthFile();
      timed.close();
      link.close();
      api.close();
      api.closeAllConnections();
    },
  };
}
