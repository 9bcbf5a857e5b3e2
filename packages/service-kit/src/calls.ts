/** Makes the calls that handlers see: who calls, from where, until when, under which name a retry is known. */
import { hash } from 'node:crypto';
import { headerText, parseCompactTimestamp, type Verified } from '@stormglass/aws-wire';
import type { Clock } from '@stormglass/base';
import { ANONYMOUS } from '@stormglass/identity';
import type { Authenticated } from './authentication.ts';
import type { OpenCall, RequestHead, Signed, UnsignedCall } from './operation.ts';
import type { Progress } from './progress.ts';
import { type Origin, requestFacts } from './request-facts.ts';
import type { RequestStream } from './request-stream.ts';

export interface CallOptions {
  readonly clock: Clock;
  readonly partition: string;
  readonly region: string;
  readonly homeRegion: string;
  readonly zone: string;
  readonly deadlineMs: number;
}

/** A call as it has arrived, whoever makes it. */
export function arrivedCall(options: CallOptions, progress: Progress, origin: Origin): UnsignedCall {
  const { region, homeRegion, zone, partition, clock, deadlineMs } = options;
  const { request } = progress;
  return {
    requestId: progress.requestId,
    region,
    zone,
    partition,
    now: clock.now(),
    deadline: progress.startedAt + progress.heldMs + deadlineMs,
    trace: progress.span?.traceparent,
    request,
    facts: requestFacts(request, origin, progress.service?.isGlobal ? homeRegion : region),
  };
}

/** The same with its caller; nobody, where that is undefined. */
export function identifiedCall(
  arrived: UnsignedCall,
  caller: Authenticated | undefined,
  body: RequestStream | undefined,
  allow: OpenCall['allow'],
): OpenCall {
  const principal = caller?.principal ?? ANONYMOUS;
  const accountId = caller?.principal.accountId ?? '';
  const commandId = caller && commandIdOf(caller.verified, arrived.request);
  return { ...arrived, principal, accountId, commandId, body, signed: caller && new SignedBy(caller.verified), allow };
}

class SignedBy implements Signed {
  readonly form: Signed['form'];
  readonly version: 2 | 4;
  readonly accessKeyId: string;
  readonly payloadHash: string;
  readonly #timestamp: string | undefined;

  constructor({ isPresigned, chunks, accessKeyId, payloadHash }: Verified) {
    this.form = isPresigned ? 'query' : 'header';
    this.version = chunks === undefined ? 2 : 4;
    this.accessKeyId = accessKeyId;
    this.payloadHash = payloadHash;
    this.#timestamp = chunks?.timestamp;
  }

  /** Hardly anybody asks, and reading it costs as much as a hash. */
  get at(): number | undefined {
    return this.#timestamp === undefined ? undefined : parseCompactTimestamp(this.#timestamp);
  }
}

const INVOCATION_ID_MAX = 128;
const HASH_DIGITS = 16;

/**
 * Payload and target are part of the id: a client that reuses an invocation id for another call must not get the first
 * one's answer.
 */
function commandIdOf({ accessKeyId, payloadHash }: Verified, { path, query, headers, hostBucket }: RequestHead) {
  const invocation = headerText(headers, 'amz-sdk-invocation-id');
  if (invocation === undefined || invocation.length > INVOCATION_ID_MAX) return undefined;
  const isBare = path === '/' && query === '' && hostBucket === undefined;
  const target = isBare ? '' : hash('sha256', `${hostBucket ?? ''}${path}?${query}`).slice(0, HASH_DIGITS);
  return `${accessKeyId}/${invocation}/${payloadHash.slice(0, HASH_DIGITS)}${target}`;
}
