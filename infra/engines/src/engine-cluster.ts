/**
 * What every cluster of real log servers offers a test, whichever engine it runs: one server a zone, faults per server,
 * and an end that leaves nothing behind. `nats-cluster.ts` and `etcd-cluster.ts` say how their servers are started and
 * which links join them.
 */
import { rm } from 'node:fs/promises';
import type { Link } from './link.ts';
import type { ServerProcess, Usage } from './server-process.ts';

export interface EngineCluster extends AsyncDisposable {
  /** Number of servers, which is the number of zones. */
  readonly size: number;
  /** Server addresses for a client in `zone`: its own zone's server first. */
  endpoints(zone: number): string[];
  /** The zone whose server leads the log `name`, as a majority sees it; undefined while nobody does. */
  leader(name: string): Promise<number | undefined>;
  /** Resolves when all servers are up, know each other and have a leader. */
  ready(deadlineMs?: number): Promise<void>;
  /** SIGKILL. */
  kill(zone: number): Promise<void>;
  /** SIGTERM, and waits for the end. */
  stop(zone: number): Promise<void>;
  /** SIGSTOP: the server is there, and does nothing. */
  pause(zone: number): void;
  resume(zone: number): void;
  /** Starts a server that was killed or stopped, with the data it had. */
  restart(zone: number): void;
  /** Cuts the zone from the others: its clients still reach its server, nothing else crosses the border. */
  isolate(zone: number): void;
  /** Silences the server towards everyone: other servers and all clients. */
  cutOff(zone: number): void;
  /** Ends every `isolate` and `cutOff`. */
  heal(): void;
  usage(zone: number): Usage;
  /** The file that holds what the server printed. */
  outputFile(zone: number): string;
  close(): Promise<void>;
}

/** A link of the mesh: to which server it leads, and who may use it. */
export interface MeshLink {
  readonly link: Link;
  readonly kind: 'peer' | 'client';
  readonly to: number;
  /** The zone of the dialling client or server; undefined when several dial it and the link tells them apart. */
  readonly from: number | undefined;
}

export interface ClusterParts {
  readonly folder: string;
  readonly servers: readonly ServerProcess[];
  readonly mesh: readonly MeshLink[];
  readonly endpoints: (zone: number) => string[];
  readonly leader: (name: string) => Promise<number | undefined>;
  readonly ready: (deadlineMs?: number) => Promise<void>;
}

export function assembleCluster(parts: ClusterParts): EngineCluster {
  const server = (zone: number): ServerProcess => {
    const found = parts.servers[zone];
    if (!found) throw new RangeError(`no zone ${zone}`);
    return found;
  };
  const isolated = new Set<number>();
  const cut = new Set<number>();

  const applyCuts = () => {
    for (const { link, kind, to, from } of parts.mesh) {
      link.silence(identified => {
        const dialler = from ?? identified;
        // A dialler not told apart yet is taken for an outsider of the zone it dials.
        const crossesBorder = dialler !== to;
        if (cut.has(to) || (isolated.has(to) && crossesBorder)) return true;
        if (dialler === undefined) return false;
        return (isolated.has(dialler) && crossesBorder) || (cut.has(dialler) && kind === 'peer');
      });
    }
  };

  const close = async () => {
    await Promise.all(parts.servers.map(each => each.kill()));
    await Promise.all(parts.mesh.map(({ link }) => link.close()));
    await rm(parts.folder, { recursive: true, force: true });
  };

  return {
    size: parts.servers.length,
    endpoints: parts.endpoints,
    leader: parts.leader,
    ready: parts.ready,
    kill: zone => server(zone).kill(),
    stop: zone => server(zone).stop(),
    pause: zone => server(zone).pause(),
    resume: zone => server(zone).resume(),
    restart: zone => server(zone).start(),
    isolate(zone) {
      isolated.add(zone);
      applyCuts();
    },
    cutOff(zone) {
      cut.add(zone);
      applyCuts();
    },
    heal() {
      isolated.clear();
      cut.clear();
      applyCuts();
    },
    usage: zone => server(zone).usage(),
    outputFile: zone => server(zone).outputFile,
    close,
    [Symbol.asyncDispose]: close,
  };
}
