/**
 * What a zone answers to zones of other regions of its partition, on its internal port. Who asks is known by
 * certificate; nothing but these paths is open to them.
 */
import type { VerifiedPeer } from '@stormglass/pki';
import type { Snapshot } from '@stormglass/replicated-state';

export interface RegionRequest {
  readonly peer: VerifiedPeer;
  readonly query: URLSearchParams;
  /** What was posted, read as JSON; undefined where nothing was. */
  readonly body: unknown;
}

/** `json` is the answer, or `snapshot` is, as text. */
export type RegionAnswer =
  | { readonly status: number; readonly json: unknown }
  | { readonly status: 200; readonly snapshot: Snapshot };

/** By method and path, for example `POST /audit-events`. */
export type RegionRoutes = Readonly<Record<string, (request: RegionRequest) => Promise<RegionAnswer>>>;
