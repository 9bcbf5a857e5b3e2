/**
 * Names on the wire and as text (RFC 1035 3.1 and 5.1). `dns-packet` reads labels as UTF-8, cannot tell a dot inside a
 * label from one between labels, and writes labels of any length; names therefore pass through here and not through it.
 *
 * Text is lower case without the last dot. A dot or a backslash inside a label is written `\.` or `\\`, and a byte that
 * is not printable ASCII `\DDD`, in decimal.
 */

/** Bytes of a name on the wire, the last zero included. */
export const NAME_BYTES_MAX = 255;
export const LABEL_BYTES_MAX = 63;

const DOT = 0x2e;
const BACKSLASH = 0x5c;

export interface WireName {
  readonly text: string;
  /** Offset of the first byte behind the name. */
  readonly end: number;
}

const scratch = Buffer.alloc(NAME_BYTES_MAX);

/** Reads the name at `offset`; undefined when it is cut off, too long, or has a compression pointer. */
export function readName(packet: Uint8Array, offset: number): WireName | undefined {
  let at = offset;
  let used = 0;
  for (;;) {
    const length = packet[at];
    if (length === undefined || length > LABEL_BYTES_MAX) return undefined;
    const next = at + 1 + length;
    if (length === 0) return { text: scratch.toString('latin1', 0, Math.max(used - 1, 0)), end: next };
    // What follows needs one byte at least: the zero that ends the name.
    if (next >= packet.length || next + 1 - offset > NAME_BYTES_MAX) return undefined;
    for (at++; at < next; at++) {
      const byte = lowerCase(packet[at]!);
      if (byte <= 0x20 || byte >= 0x7f || byte === DOT || byte === BACKSLASH) return readEscaped(packet, offset);
      scratch[used++] = byte;
    }
    scratch[used++] = DOT;
  }
}

/** Like `readName`, for the rare name with bytes that are escaped in text. */
function readEscaped(packet: Uint8Array, offset: number): WireName | undefined {
  const labels: string[] = [];
  let at = offset;
  for (;;) {
    const length = packet[at];
    if (length === undefined || length > LABEL_BYTES_MAX) return undefined;
    const next = at + 1 + length;
    if (length === 0) return { text: labels.join('.'), end: next };
    if (next >= packet.length || next + 1 - offset > NAME_BYTES_MAX) return undefined;
    labels.push(Array.from(packet.subarray(at + 1, next), escapedByte).join(''));
    at = next;
  }
}

const lowerCase = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);

function escapedByte(byte: number): string {
  if (byte === DOT || byte === BACKSLASH) return `\\${String.fromCharCode(byte)}`;
  if (byte <= 0x20 || byte >= 0x7f) return `\\${String(byte).padStart(3, '0')}`;
  return String.fromCharCode(lowerCase(byte));
}

/**
 * Writes a name at `offset` and returns the offset behind it; a last dot is allowed.
 * @throws RangeError when the text is no name within the limits of RFC 1035, or does not fit into `target`.
 */
export function writeName(name: string, target: Uint8Array, offset: number): number {
  // A name has at most four characters of text for each byte.
  if (name.length > 4 * NAME_BYTES_MAX) throw new RangeError(`a name of ${name.length} characters`);
  const text = name === '.' ? '' : name;
  let lengthAt = offset;
  let at = offset + 1;
  const endLabel = () => {
    const length = at - lengthAt - 1;
    if (length === 0) throw new RangeError(`empty label in the name ${JSON.stringify(name)}`);
    if (length > LABEL_BYTES_MAX) throw new RangeError(`label of ${length} bytes in the name ${JSON.stringify(name)}`);
    target[lengthAt] = length;
    lengthAt = at++;
  };
  for (let index = 0; index < text.length; index++) {
    let byte = text.charCodeAt(index);
    if (byte === DOT) {
      endLabel();
      continue;
    }
    if (byte === BACKSLASH) {
      const digits = text.slice(index + 1, index + 4);
      const decimal = /^\d{3}$/.test(digits);
      byte = decimal ? Number(digits) : text.charCodeAt(index + 1);
      index += decimal ? 3 : 1;
    }
    if (!(byte <= 0xff)) throw new RangeError(`the name ${JSON.stringify(name)} has a character that is no byte`);
    target[at++] = byte;
  }
  if (text !== '' && at > lengthAt + 1) endLabel();
  if (lengthAt + 1 - offset > NAME_BYTES_MAX) throw new RangeError(`the name ${JSON.stringify(name)} is too long`);
  if (lengthAt >= target.length) throw new RangeError('the name does not fit');
  target[lengthAt] = 0;
  return lengthAt + 1;
}

/** Text as this package compares it: lower case, without the last dot, every byte written in one way only. */
export function canonicalName(name: string): string {
  if (/^[a-z0-9_*-]+(?:\.[a-z0-9_*-]+)*$/.test(name)) return name;
  const end = writeName(name, scratchName, 0);
  return readName(scratchName.subarray(0, end), 0)!.text;
}

/** The name without its first label; undefined for the root. `name` is canonical. */
export function parentName(name: string): string | undefined {
  if (name === '') return undefined;
  for (let at = 0; at < name.length; at++) {
    const byte = name.charCodeAt(at);
    if (byte === DOT) return name.slice(at + 1);
    // A dot behind a backslash belongs to its label.
    if (byte === BACKSLASH) at++;
  }
  return '';
}

const scratchName = Buffer.alloc(NAME_BYTES_MAX + 1);
