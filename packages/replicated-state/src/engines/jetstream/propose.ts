/** One attempt to append, and the verdict on what came back. */
import type { JetStreamClient, PubAck } from '@nats-io/jetstream';
import { InvalidArgumentError, RequestError } from '@nats-io/nats-core';
import { LogUnavailable, type Seq } from '../../log.ts';
import { proposalSubject } from './stream.ts';

/** Without a leader an attempt hangs; the replica tries again, and a new leader is there sooner or later. */
const ATTEMPT_MS = 1_000;

/**
 * Publishes once, on purpose without `Nats-Msg-Id`: the server's de-duplication acknowledges copies that may never be
 * committed (nats-server issues 6415 and 6486). Doubles are sorted out by the replica.
 * @throws LogUnavailable
 */
export async function publishOnce(js: JetStreamClient, name: string, payload: Uint8Array): Promise<Seq> {
  let ack: PubAck;
  try {
    ack = await js.publish(proposalSubject(name), payload, { timeout: ATTEMPT_MS, retries: 0 });
  } catch (error) {
    throw unavailable(error);
  }
  if (ack.duplicate || ack.seq === 0 || ack.stream !== name) {
    throw new LogUnavailable('unknown', `not a proof of storage: ${JSON.stringify(ack)}`);
  }
  return ack.seq;
}

function unavailable(error: unknown): LogUnavailable {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  // The client words it "jetstream is not enabled", but it means: nobody listened, there is no leader just now.
  if (cause instanceof RequestError && cause.isNoResponders()) {
    return new LogUnavailable('not-applied', 'the stream has no leader', { cause: error });
  }
  const neverSent = error instanceof InvalidArgumentError;
  return new LogUnavailable(neverSent ? 'not-applied' : 'unknown', message, { cause: error });
}
