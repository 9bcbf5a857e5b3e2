/**
 * The protobuf wire format, as far as etcd's key-value API needs it. Written out here because the alternative, a gRPC
 * package with its generator, would be the largest dependency of the product for six messages.
 */
import { Buffer } from 'node:buffer';

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Collects the fields of one message. Zero, false and empty values are left out, as protobuf has it. */
export class Message {
  readonly #parts: Uint8Array[] = [];

  number(field: number, value: number): this {
    if (value !== 0) this.#parts.push(varint(field * 8 + VARINT), varint(value));
    return this;
  }

  flag(field: number, value: boolean): this {
    return this.number(field, value ? 1 : 0);
  }

  bytes(field: number, value: Uint8Array): this {
    return value.length === 0 ? this : this.#delimited(field, value);
  }

  /** An embedded message; unlike bytes, an empty one is written, because being there is what it says. */
  message(field: number, value: Message): this {
    return this.#delimited(field, value.encode());
  }

  encode(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #delimited(field: number, value: Uint8Array): this {
    this.#parts.push(varint(field * 8 + LENGTH_DELIMITED), varint(value.length), value);
    return this;
  }
}

/** What a field of a received message holds: a number, or the bytes of a string or an embedded message. */
export type FieldValue = number | Buffer;

/** Walks over the fields of a message in the order they were written. */
export function* fieldsOf(message: Buffer): Generator<readonly [field: number, value: FieldValue]> {
  let at = 0;
  const readVarint = (): number => {
    // Arithmetic, not bit operations: revisions outgrow 32 bits. Above 2^53 (member ids) the value is approximate.
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new Error('a protobuf message ends within a number');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = readVarint();
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case VARINT:
        yield [field, readVarint()];
        break;
      case LENGTH_DELIMITED: {
        const length = readVarint();
        yield [field, message.subarray(at, (at += length))];
        break;
      }
      case FIXED64:
        at += 8;
        break;
      case FIXED32:
        at += 4;
        break;
      default:
        throw new Error(`unknown protobuf wire type ${tag % 8}`);
    }
  }
}

/** The last number in `field` (0 when absent). */
export function numberIn(message: Buffer, field: number): number {
  let found = 0;
  for (const [f, value] of fieldsOf(message)) if (f === field && typeof value === 'number') found = value;
  return found;
}

/** All byte values in `field`, in order. */
export function bytesIn(message: Buffer, field: number): Buffer[] {
  const found: Buffer[] = [];
  for (const [f, value] of fieldsOf(message)) if (f === field && typeof value !== 'number') found.push(value);
  return found;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
