/**
 * How a host can follow traced commands through the log. The replica only says where a command is; what becomes of that
 * is the host's affair. Only commands whose commit is recorded carry anything in the log.
 */
import { decodeEnvelope } from './envelope.ts';
import type { LogEntry, Seq } from './log.ts';

export interface LogTracing {
  /** A command of the call with this `traceparent` sets out; undefined when nobody records its way. */
  commit(parent: string): CommitSpan | undefined;
  /**
   * An entry with these traceparents is about to be written to this zone's disk; what is returned is called when it is
   * there, or could not be put there. Only engines whose journals are the zones' own say so.
   */
  storing(
    traceparents: readonly string[],
    entry: Pick<LogEntry, 'seq' | 'time'> & { readonly epoch: number },
  ): (error?: Error) => void;
  /**
   * Commands sent with these traceparents (of `CommitSpan`) are about to be applied here; what is returned is called when
   * they are. An entry that the log stored twice is announced twice.
   */
  applying(traceparents: readonly string[], entry: LogEntry): (outcome: 'applied' | 'expired') => void;
}

/** The way of one command from `execute` to its result, over all attempts to get it into the log. */
export interface CommitSpan {
  /** What travels with the command, so that every zone can tie its apply to this commit. */
  readonly traceparent: string;
  /** `attempts`: how often its batch was proposed. */
  committed(seq: Seq, attempts: number): void;
  failed(error: Error): void;
}

/** Carries out a write of entries to this zone's disk, and tells of those that are traced. */
export const tracedStore = (
  tracing: Pick<LogTracing, 'storing'> | undefined,
  entries: readonly StoredEntry[],
  write: () => Promise<void>,
): Promise<void> => (tracing === undefined ? write() : toldStore(tracing, entries, write));

type StoredEntry = LogEntry & { readonly epoch: number };

async function toldStore(
  tracing: Pick<LogTracing, 'storing'>,
  entries: readonly StoredEntry[],
  write: () => Promise<void>,
): Promise<void> {
  const told = entries.flatMap(entry => {
    const traces = tracesOf(entry.payload);
    return traces.length === 0 ? [] : tracing.storing(traces, entry);
  });
  try {
    await write();
  } catch (error) {
    for (const tell of told) tell(error as Error);
    throw error;
  }
  for (const tell of told) tell();
}

/** The traceparents inside an entry. Most entries have none, and are not decoded to find out. */
export function tracesOf(payload: Uint8Array): readonly string[] {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  if (!bytes.includes(TRACES_KEY)) return [];
  const traces: unknown = decodeEnvelope(payload)?.traces;
  return Array.isArray(traces) ? traces.filter(t => typeof t === 'string') : [];
}

/** Inside a JSON string the quotes would be escaped, so that text in a command cannot look like this. */
const TRACES_KEY = Buffer.from('"traces":[');
