/**
 * What a replica puts into a log entry: a batch of commands with the identity that makes applying them exactly-once.
 *
 * Engines may store a proposal twice, and clients retry calls whose answer was lost. Both are caught by the same device:
 * every command has an id, and the state remembers the ids of the last minute of log time. A batch also carries
 * `expiresAt`: once log time has passed it, the batch is void wherever it turns up, so an id is never forgotten while
 * a copy of its batch can still land.
 */
export interface Envelope<Command> {
  /** The replica that proposed it: random at each boot. */
  readonly origin: string;
  /** Counts the batches of one origin. */
  readonly batch: number;
  /** Log time in ms after which the batch is void; 0 means never (barriers carry no commands and need no expiry). */
  readonly expiresAt: number;
  readonly commands: readonly CommandRecord<Command>[];
  /** W3C `traceparent` of the calls inside, where they are traced. */
  readonly traces?: readonly string[];
}

export interface CommandRecord<Command> {
  readonly id: string;
  readonly command: Command;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A command's place in an envelope, as text. */
export const encodeRecord = <C>(record: CommandRecord<C>): string => JSON.stringify(record);

/** The envelope of commands that are text already, because what a batch holds depends on how long they are. */
export function encodeEnvelope(
  { origin, batch, expiresAt, traces }: Omit<Envelope<never>, 'commands'>,
  records: readonly string[],
): Uint8Array {
  const head = JSON.stringify({ origin, batch, expiresAt });
  const tail = traces === undefined ? '' : `,"traces":${JSON.stringify(traces)}`;
  return encoder.encode(`${head.slice(0, -1)},"commands":[${records.join()}]${tail}}`);
}

/**
 * Undefined for what is not an envelope: an engine's own, empty entry, or foreign bytes. Every replica skips it alike, so
 * that no entry can ever stop the state.
 */
export function decodeEnvelope<C>(payload: Uint8Array): Envelope<C> | undefined {
  if (payload[0] !== OPENING_BRACE) return undefined;
  try {
    const envelope = JSON.parse(decoder.decode(payload)) as Envelope<C>;
    return Array.isArray(envelope.commands) ? envelope : undefined;
  } catch {
    return undefined;
  }
}

const OPENING_BRACE = 0x7b;
