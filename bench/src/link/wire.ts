/** What is measured: a link as a process of its own, as in containers, and the same peer without it. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@stormglass/base';
import { LinkClient, type WantedRule } from '@stormglass/link';

export interface Ports {
  readonly echo: number;
  readonly sink: number;
  readonly udp: number;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export class Wire {
  /** Without the link. */
  readonly direct: Ports;
  readonly linked: Ports;
  readonly client: LinkClient;
  readonly #children: readonly ChildProcess[];

  private constructor(direct: Ports, linked: Ports, client: LinkClient, children: readonly ChildProcess[]) {
    this.direct = direct;
    this.linked = linked;
    this.client = client;
    this.#children = children;
  }

  static async start(): Promise<Wire> {
    const peer = fork(here('peer-process.ts'));
    const [direct] = (await once(peer, 'message')) as [Ports];
    const ports = ['--tcp', `0:${direct.echo},0:${direct.sink}`, '--udp', `0:${direct.udp}`, '--api', '0'];
    const link = spawn(
      process.execPath,
      [here('../../../infra/link/src/main.ts'), '--from', 'near', '--to', 'far', '--target', '127.0.0.1', ...ports],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(createInterface(link.stdout), 'line')) as [string];
    const told = JSON.parse(line) as { tcp: [number, number]; udp: [number]; api: number };
    const client = new LinkClient({ endpoint: `http://127.0.0.1:${told.api}`, clock: systemClock });
    return new Wire(direct, { echo: told.tcp[0], sink: told.tcp[1], udp: told.udp[0] }, client, [peer, link]);
  }

  get linkPid(): number {
    return this.#children[1]!.pid!;
  }

  /** Puts a fault in force from here to the peer, in place of any other. */
  async put(fault: WantedRule): Promise<void> {
    await this.client.replace([{ ...fault, from: 'near', to: 'far', oneWay: true }]);
  }

  /** Runs `measure` under a fault. */
  async under<T>(fault: WantedRule, measure: () => Promise<T>): Promise<T> {
    await this.put(fault);
    try {
      return await measure();
    } finally {
      await this.client.clear();
    }
  }

  [Symbol.dispose](): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }
}
