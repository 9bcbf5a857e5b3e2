/**
 * Calls from this zone to other regions of the partition: mutual TLS to the internal port of one of their zones, over
 * the links between the zones. Any zone may answer; the one that answered last is asked first.
 */
import type { Agent } from 'node:http';
import type { Clock } from '@stormglass/base';
import type { LinkRules } from '@stormglass/faults';
import { connectMutually, type TlsIdentity } from '@stormglass/pki';
import { agentOver, type InternalAnswer, type InternalCall, internalCall } from './internal-call.ts';
import { INTERNAL_NAMES, locate, type Resolve } from './locate.ts';

/** A region and the ids of its zones. */
interface CalledRegion {
  readonly name: string;
  readonly zones: readonly { readonly id: string }[];
}

export interface RegionCallsOptions {
  /** The zone that calls. */
  readonly zone: string;
  /** Which of its region's zones it is, from 0: the others are asked by different zones first. */
  readonly ordinal: number;
  readonly otherRegions: readonly CalledRegion[];
  readonly identity: TlsIdentity;
  readonly resolve: Resolve;
  readonly links: LinkRules;
  readonly clock: Clock;
}

/** `timeoutMs`: for each zone that is tried. */
export type RegionCall = Pick<InternalCall, 'method' | 'path' | 'body' | 'timeoutMs' | 'signal' | 'bytesMax'>;

/** No zone of the region answered. */
export class RegionUnreachable extends Error {
  override readonly name = 'RegionUnreachable';
}

interface Reached {
  readonly zones: readonly { readonly id: string; readonly agent: Agent }[];
  /** Index of the zone that is asked first. */
  first: number;
}

/** Calls of one zone to one zone of another region at a time; a poll for news holds one of them. */
const SOCKETS_MAX = 4;

export class RegionCalls {
  readonly #options: RegionCallsOptions;
  readonly #regions: ReadonlyMap<string, Reached>;

  constructor(options: RegionCallsOptions) {
    this.#options = options;
    this.#regions = new Map(
      options.otherRegions.map(({ name, zones }) => {
        const reached = zones.map(({ id }) => ({ id, agent: agentOver(() => this.#connect(name, id), SOCKETS_MAX) }));
        return [name, { zones: reached, first: options.ordinal % Math.max(1, zones.length) }];
      }),
    );
  }

  /**
   * Resolves to the first answer of any zone; one that cannot do it now (5xx) is as good as silent.
   * @throws RegionUnreachable when no zone answers, or there is no such region
   */
  async call(region: string, call: RegionCall): Promise<InternalAnswer> {
    const reached = this.#regions.get(region);
    let cause: unknown;
    for (let tried = 0; tried < (reached?.zones.length ?? 0); tried++) {
      const { first, zones } = reached!;
      try {
        const answer = await this.#ask(zones[first]!, call);
        if (answer.status < 500) return answer;
        cause = new Error(`${zones[first]!.id} answered ${answer.status}: ${answer.text.slice(0, 200)}`);
      } catch (error) {
        cause = error;
      }
      if (call.signal?.aborted) break;
      // Another call may have gone on to the next zone already.
      if (reached!.first === first) reached!.first = (first + 1) % zones.length;
    }
    throw new RegionUnreachable(`no zone of ${region} answers`, { cause });
  }

  close(): void {
    for (const { zones } of this.#regions.values()) for (const { agent } of zones) agent.destroy();
  }

  #ask({ id, agent }: Reached['zones'][number], call: RegionCall): Promise<InternalAnswer> {
    const { zone, links, clock } = this.#options;
    return internalCall({ ...call, from: zone, to: id, links, clock, agent });
  }

  async #connect(region: string, zone: string) {
    const { resolve, identity } = this.#options;
    const where = await locate(resolve, INTERNAL_NAMES.zone(region, zone));
    const expects = (peer: { role: string; region: string; zone: string }) =>
      peer.role === 'host' && peer.region === region && peer.zone === zone;
    return connectMutually(identity, { ...where, expects });
  }
}
