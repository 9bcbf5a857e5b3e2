/**
 * What the chart of `charts/stormglass` has to know of the region's parts: names, ports, and how Redis is started. It comes
 * from where the containers have it; `main.ts` writes it into the chart.
 */
import { internalPort, linkPorts, PORTS, partBehind, worldPorts, ZONE_PARTS } from '@stormglass/containers';
import { FILE_THREADS } from '@stormglass/region';
import { stringify } from 'yaml';
import { REDIS } from './foreign-servers.ts';
import { command, WITH_FILES } from './own-containers.ts';

/** Where the text belongs, from the root of the repository. */
export const CHART_PARTS = 'charts/stormglass/files/parts.yaml';

const HEADER = '# What the templates know of the parts of a region. Written by infra/compose/src/main.ts.\n';

export function chartParts(): string {
  const engine = (log: 'jetstream' | 'etcd') => {
    const { tcp, udp } = linkPorts(log);
    const name = log === 'etcd' ? 'etcd' : 'nats';
    return { part: name, ports: tcp.filter(port => partBehind(port) === name), between: { tcp, udp } };
  };
  const parts = ZONE_PARTS.map(part => ({
    ...{ name: part, internalPort: internalPort(part), command: command(part) },
    ...(WITH_FILES.has(part) ? { environment: FILE_THREADS } : {}),
  }));
  const document = {
    parts,
    world: { command: command('world') },
    secrets: { command: command('secrets') },
    ports: PORTS,
    worldPorts,
    engines: { jetstream: engine('jetstream'), etcd: engine('etcd') },
    redis: { command: [...REDIS.entrypoint, ...REDIS.command] },
  };
  return HEADER + stringify(document, { aliasDuplicateObjects: false });
}
