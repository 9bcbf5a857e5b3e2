/**
 * The stream behind a log: how it is configured, how it comes to exist, and what its `STREAM.INFO` says. The random
 * `logId` lives in the stream's metadata, so it is born and dies with the stream.
 */
import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import type { LogBounds, LogHealth } from '../../log.ts';

const LOG_ID = 'stormglass.log-id';
const STREAM_NOT_FOUND = 10059;
const NAME_IN_USE = 10058;
/** A follower the leader has not heard of for this long does not count as a copy. Heartbeats come every second. */
const SILENT_AFTER_MS = 3_000;
const NANOS_PER_MS = 1e6;

/** What one answer of the stream's leader tells. */
export interface StreamFacts extends LogBounds {
  readonly health: LogHealth;
}

/** Where proposals are published. */
export const proposalSubject = (name: string): string => `stormglass.log.${name}`;

/** Where the stream's leader publishes every entry again once it is committed. */
export const committedSubject = (name: string): string => `stormglass.committed.${name}`;

/**
 * Returns the facts of the stream `name`, creating it first if it does not exist. Several zones may do so at once.
 * @throws whatever JetStream answers when it cannot do it now; to be tried again.
 */
export async function ensureStream(
  jsm: JetStreamManager,
  name: string,
  replicas: number,
  newLogId: () => string,
): Promise<StreamFacts> {
  const existing = await findStream(jsm, name);
  if (existing) return factsOf(existing);
  try {
    await jsm.streams.add(configuration(name, replicas, newLogId()));
  } catch (error) {
    // Another zone came first, with another random id.
    if (apiCode(error) !== NAME_IN_USE) throw error;
  }
  // Which of two simultaneous creations won is for the stream itself to say, not for the answer to ours.
  return factsOf(await jsm.streams.info(name));
}

/** Undefined when there is no such stream. */
export async function findStream(jsm: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await jsm.streams.info(name);
  } catch (error) {
    if (apiCode(error) === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
}

export function factsOf(info: StreamInfo): StreamFacts {
  const logId = info.config.metadata?.[LOG_ID];
  if (logId === undefined) throw new Error(`stream ${info.config.name} exists, but it is not a log of ours`);
  return { logId, first: info.state.first_seq || 1, last: info.state.last_seq, health: healthOf(info) };
}

function healthOf(info: StreamInfo): LogHealth {
  const wanted = info.config.num_replicas;
  if (wanted === 1) return { state: 'ok', copies: 1 };
  if (!info.cluster?.leader) return { state: 'no-quorum' };
  // A leader that is cut off goes on answering for up to 20 s; that it hears from nobody is how we know.
  const current = (info.cluster.replicas ?? []).filter(
    peer => peer.current && !peer.offline && peer.active < SILENT_AFTER_MS * NANOS_PER_MS,
  );
  const copies = 1 + current.length;
  if (copies >= wanted) return { state: 'ok', copies };
  return { state: copies > wanted / 2 ? 'degraded' : 'no-quorum', copies };
}

function configuration(name: string, replicas: number, logId: string): Partial<StreamConfig> & { name: string } {
  return {
    name,
    subjects: [proposalSubject(name)],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    num_replicas: replicas,
    // A full log refuses proposals; it must never forget entries by itself.
    discard: DiscardPolicy.New,
    // Any server may serve a stored entry, so that catching up needs neither a consumer nor the leader.
    allow_direct: true,
    republish: { src: proposalSubject(name), dest: committedSubject(name) },
    metadata: { [LOG_ID]: logId },
  };
}

const apiCode = (error: unknown): number | undefined => (error instanceof JetStreamApiError ? error.code : undefined);
