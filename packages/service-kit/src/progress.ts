/** What a request has become on its way through the pipeline. */
import type { WireRequest } from '@stormglass/aws-wire';
import { type Clock, type Random, uuid } from '@stormglass/base';
import type { Authenticated } from './authentication.ts';
import type { RequestHead } from './operation.ts';
import type { Origin } from './request-facts.ts';
import type { BoundOperation, Service } from './service.ts';
import type { Span, Telemetry } from './telemetry.ts';

/** What one request has become so far; filled in along the way, and told at the end whatever happened. */
export interface Progress {
  readonly requestId: string;
  readonly startedAt: number;
  readonly span: Span | undefined;
  service: Service | undefined;
  operation: string;
  principal: string;
  isMutation: boolean;
  /** It holds the place of a stream. */
  isStream: boolean;
  request: WireRequest;
  /** As far as the request got: who made it, which operation it is, what it asks, and what is answered. */
  caller: Authenticated | undefined;
  bound: BoundOperation | undefined;
  input: Record<string, unknown> | undefined;
  output: object | undefined;
  /** A read that could not be confirmed was answered from the zone's own copy. */
  readLocally: boolean;
  /** The injected fault that the call met: the id of its rule. */
  fault: string | undefined;
  /** So long the call was held by injected faults, in ms: no time of ours. */
  heldMs: number;
}

export const NO_BODY: Buffer = Buffer.alloc(0);

export interface ProgressOptions {
  readonly random: Random;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

export const begin = ({ random, clock, telemetry }: ProgressOptions, head: RequestHead, origin?: Origin): Progress => ({
  requestId: uuid(random),
  startedAt: clock.monotonic(),
  span: telemetry.request('request', head.headers, { passedOn: origin?.traceparent, arrival: origin?.arrival }),
  request: { ...head, body: NO_BODY },
  service: undefined,
  operation: '',
  principal: '',
  isMutation: false,
  isStream: false,
  caller: undefined,
  bound: undefined,
  input: undefined,
  output: undefined,
  readLocally: false,
  fault: undefined,
  heldMs: 0,
});
