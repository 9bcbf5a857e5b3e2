/** The parts of a REST output that do not stand in the body: headers and the status. */
import { textWriter } from '../codecs/scalars.ts';
import { membersOf, type ServiceModel } from '../schema/service-model.ts';
import type { Shape, SimpleShape } from '../schema/service-schema.ts';
import type { WireResponse } from '../wire-message.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface OutputHead {
  headers: Record<string, string>;
  status: number | undefined;
}

type WritePart = (head: OutputHead, output: Fields) => void;

/** A line break in a header would let a value of one request write headers of the response. */
const CONTROL = /[\0-\x08\n-\x1f\x7f]+/g;
/** Beyond what a header can say as it is. */
const WIDE = /[^\0-\xff]/;
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/** Text as a header can carry it: other alphabets as encoded words (RFC 2047), as S3 returns them. */
function headerSafe(text: string): string {
  if (WIDE.test(text)) return `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
  return text.replace(CONTROL, ' ');
}

function writerOf(member: string, shape: Shape): WritePart | undefined {
  if (shape.location === 'status') {
    return (head, output) => {
      const value = output[member];
      if (typeof value === 'number') head.status = value;
    };
  }
  if (shape.location === 'prefixHeaders') {
    const prefix = (shape.locationName ?? '').toLowerCase();
    return ({ headers }, output) => {
      for (const [key, value] of Object.entries((output[member] ?? {}) as Fields)) {
        if (value === undefined || value === null || !TOKEN.test(key)) continue;
        headers[prefix + key.toLowerCase()] = headerSafe(String(value));
      }
    };
  }
  if (shape.location !== 'header') return undefined;
  const name = (shape.locationName ?? member).toLowerCase();
  const write = textWriter((shape.type === 'list' ? shape.member : shape) as SimpleShape, 'http-date');
  const writeValue = (value: unknown) =>
    shape.type === 'list' ? (value as unknown[]).map(write).join(',') : write(value);
  return ({ headers }, output) => {
    const value = output[member];
    if (value !== undefined && value !== null) headers[name] = headerSafe(writeValue(value));
  };
}

/** One writer for everything outside the body. */
export function compileOutputParts(model: ServiceModel, structure: string): (output: Fields) => OutputHead {
  const parts = membersOf(model, structure)
    .map(([member, shape]) => writerOf(member, shape))
    .filter(part => part !== undefined);
  return output => {
    const head: OutputHead = { headers: {}, status: undefined };
    for (const part of parts) part(head, output);
    return head;
  };
}

/** A payload that goes out as it is: bytes, text or a stream. */
export function rawBody(value: unknown): WireResponse['body'] {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  if (typeof value === 'object' && Symbol.asyncIterator in value) return value as AsyncIterable<Uint8Array>;
  return String(value);
}

/** The member that is the whole body, if the structure has one. */
export const payloadMember = (model: ServiceModel, structure: string): { member: string; shape: Shape } | undefined => {
  const found = membersOf(model, structure).find(([, shape]) => shape.location === 'payload');
  return found && { member: found[0], shape: found[1] };
};

/** Payloads of these types are the body itself; structures are written in the format of the protocol. */
export const isRawPayload = (shape: Shape): boolean => shape.type === 'blob' || shape.type === 'string';
