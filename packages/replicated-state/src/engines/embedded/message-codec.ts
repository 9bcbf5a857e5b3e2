/**
 * Messages between a zone and the sequencer as bytes: a frame is its length, the length of a JSON header, the header, and
 * the payloads one after the other. Payloads are never copied on the way out and only sliced on the way in.
 */
import type { JournalEntry } from './journal.ts';
import type { FromZone, ToZone } from './messages.ts';

type Message = FromZone | ToZone;
type EntryHeader = readonly [seq: number, epoch: number, time: number, byteCount: number];

/** A frame larger than this is taken for garbage and ends the connection. */
const FRAME_BYTES_MAX = 64 * 1024 * 1024;
const PREFIX_BYTES = 8;

/** The pieces of a message's frame, to be written in order. */
export function encodeMessage(message: Message): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  const header = Buffer.from(JSON.stringify(headerOf(message, payloads)));
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
  prefix.writeUInt32LE(
    payloads.reduce((sum, p) => sum + p.length, header.length),
    0,
  );
  prefix.writeUInt32LE(header.length, 4);
  return [prefix, header, ...payloads];
}

function headerOf(message: Message, payloads: Uint8Array[]): unknown {
  if (message.type === 'propose') {
    payloads.push(message.payload);
    return { ...message, payload: undefined };
  }
  if (message.type !== 'append' && message.type !== 'fetched') return message;
  const entries = message.entries.map(({ seq, epoch, time, payload }): EntryHeader => {
    payloads.push(payload);
    return [seq, epoch, time, payload.length];
  });
  return { ...message, entries };
}

function messageOf(header: Record<string, unknown>, body: Buffer): Message {
  if (header.type === 'propose') return { ...header, payload: body } as unknown as Message;
  if (header.type !== 'append' && header.type !== 'fetched') return header as unknown as Message;
  let at = 0;
  const entries = (header.entries as EntryHeader[]).map(([seq, epoch, time, byteCount]): JournalEntry => {
    const payload = body.subarray(at, at + byteCount);
    at += byteCount;
    return { seq, epoch, time, payload };
  });
  return { ...header, entries } as unknown as Message;
}

/** Cuts a byte stream into messages. */
export class MessageReader {
  readonly #onMessage: (message: Message) => void;
  #chunks: Buffer[] = [];
  #buffered = 0;

  constructor(onMessage: (message: Message) => void) {
    this.#onMessage = onMessage;
  }

  /** @throws Error when the stream is not one of frames */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    let bytes = this.#joined();
    if (bytes === undefined) return;
    while (bytes.length >= PREFIX_BYTES) {
      const length = bytes.readUInt32LE(0);
      if (length > FRAME_BYTES_MAX) throw new Error(`a frame of ${length} bytes`);
      if (bytes.length < PREFIX_BYTES + length) break;
      const headerEnd = PREFIX_BYTES + bytes.readUInt32LE(4);
      const header = JSON.parse(bytes.toString('utf8', PREFIX_BYTES, headerEnd)) as Record<string, unknown>;
      this.#onMessage(messageOf(header, bytes.subarray(headerEnd, PREFIX_BYTES + length)));
      bytes = bytes.subarray(PREFIX_BYTES + length);
    }
    this.#chunks = bytes.length === 0 ? [] : [bytes];
    this.#buffered = bytes.length;
  }

  /** What is buffered in one piece, but only once a whole frame is there, so that a large frame is copied once. */
  #joined(): Buffer | undefined {
    const first = this.#chunks[0]!;
    if (this.#chunks.length === 1) return first;
    if (first.length >= PREFIX_BYTES && this.#buffered < PREFIX_BYTES + first.readUInt32LE(0)) return undefined;
    return Buffer.concat(this.#chunks);
  }
}
