/** The other zones as places for blobs: sends stored forms there and fetches them, over mutual TLS. */
import type { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import type { Clock } from '@stormglass/base';
import { BLOBS } from '@stormglass/contracts';
import type { LinkRules } from '@stormglass/faults';
import { connectMutually, type TlsIdentity } from '@stormglass/pki';
import { agentOver, internalCall } from '../internal-call.ts';
import { INTERNAL_NAMES, locate, type Resolve } from '../locate.ts';
import { paced } from './paced.ts';
import { download, StreamUpload } from './stream-call.ts';

export interface BlobPeersOptions {
  readonly zone: string;
  readonly region: string;
  /** Ids of the other zones. */
  readonly peers: readonly string[];
  readonly identity: TlsIdentity;
  readonly resolve: Resolve;
  readonly links: LinkRules;
  readonly clock: Clock;
}

/** Between this zone and one other; those beyond wait. */
const SOCKETS_MAX = 128;
/** ... and those that are being opened. */
const CONNECTING_MAX = 4;
/** So long nothing moves before another zone counts as away. */
const SILENCE_MS = 5000;
const HEAD_TIMEOUT_MS = 3000;

/** What another zone said to a blob. */
export class PeerRefused extends Error {
  override readonly name = 'PeerRefused';
}

export class BlobPeers {
  readonly #options: BlobPeersOptions;
  readonly #pools: ReadonlyMap<string, Agent>;

  constructor(options: BlobPeersOptions) {
    this.#options = options;
    const pace = { atOnce: CONNECTING_MAX, patienceMs: SILENCE_MS, clock: options.clock };
    const pool = (peer: string) =>
      agentOver(
        paced(() => this.#connect(peer), pace),
        SOCKETS_MAX,
      );
    this.#pools = new Map(options.peers.map(peer => [peer, pool(peer)]));
  }

  get zones(): readonly string[] {
    return this.#options.peers;
  }

  /** Begins to send the stored form of a blob to another zone. */
  upload(zone: string, id: string): StreamUpload {
    return new StreamUpload({ ...this.#call(zone), path: BLOBS.blob(id), silenceMs: SILENCE_MS });
  }

  /**
   * The stored form of a blob from another zone, from a frame on; undefined when it has none, or none that is whole.
   * @throws Error when the zone does not answer
   */
  async fetch(zone: string, id: string, signal?: AbortSignal, fromFrame = 0): Promise<Readable | undefined> {
    const call = { ...this.#call(zone), path: BLOBS.blobFrom(id, fromFrame), silenceMs: SILENCE_MS };
    const { status, body } = await download(call, signal);
    if (status === 200) return body;
    body.destroy();
    if (status === 404 || status === 409) return undefined;
    throw new PeerRefused(`${zone} answers ${status}`);
  }

  /** Has another zone delete a blob that no object refers to. Never rejects. */
  async discard(zone: string, id: string): Promise<void> {
    const call = { ...this.#call(zone), path: BLOBS.blob(id), timeoutMs: HEAD_TIMEOUT_MS };
    await internalCall({ ...call, method: 'DELETE' }).catch(() => {});
  }

  close(): void {
    for (const agent of this.#pools.values()) agent.destroy();
  }

  #call(zone: string) {
    const { zone: from, links, clock } = this.#options;
    const agent = this.#pools.get(zone);
    if (agent === undefined) throw new PeerRefused(`there is no zone ${zone}`);
    return { from, to: zone, links, clock, agent };
  }

  async #connect(zone: string) {
    const { region, identity, resolve } = this.#options;
    const where = await locate(resolve, INTERNAL_NAMES.zone(region, zone));
    const expects = (peer: { role: string; region: string; zone: string }) =>
      peer.role === 'host' && peer.region === region && peer.zone === zone;
    return connectMutually(identity, { ...where, expects });
  }
}
