/** The parts of a REST input that do not stand in the body: labels, query, headers. */

import { putEntry } from '../codecs/record.ts';
import { textReader } from '../codecs/scalars.ts';
import { readArgument } from '../s3/argument-errors.ts';
import { membersOf, type ServiceModel } from '../schema/service-model.ts';
import type { Shape, SimpleShape } from '../schema/service-schema.ts';
import { headerText, type WireRequest } from '../wire-message.ts';
import type { RestMatch } from './rest-router.ts';

/** Adds what it finds to the input. */
export type ReadPart = (input: Record<string, unknown>, match: RestMatch, request: WireRequest) => void;

/** The reader of single values of a simple shape or of a list of simple shapes. */
function itemReader(shape: Shape, argument?: string): (text: string) => unknown {
  const simple = (shape.type === 'list' ? shape.member : shape) as SimpleShape;
  const read = textReader(simple);
  return argument === undefined || simple.type === 'string' ? read : readArgument(argument, simple, read);
}

const HTTP_DATES = /([A-Z][a-z]{2}, [^,]+ GMT)\s*(?:,|$)/g;

/** Splits a header that holds a list; HTTP dates contain a comma themselves. */
function splitHeader(text: string, shape: Shape): string[] {
  const isDates = shape.type === 'list' && shape.member.type === 'timestamp' && /GMT/.test(text);
  if (isDates) return [...text.matchAll(HTTP_DATES)].map(match => match[1]!);
  return text.split(',').map(item => item.trim());
}

function readerOf(member: string, shape: Shape, isS3: boolean): ReadPart | undefined {
  const name = shape.locationName ?? member;
  switch (shape.location) {
    case 'label': {
      const read = itemReader(shape);
      return (input, { labels }) => {
        const text = labels[member];
        if (text !== undefined) input[member] = read(text);
      };
    }
    case 'query':
      return queryReader(member, name, shape, itemReader(shape, isS3 ? name : undefined));
    case 'queryParams':
      return (input, { query }) => {
        const all: Record<string, unknown> = {};
        for (const [key, values] of query)
          putEntry(all, key, shape.type === 'map' && shape.value.type === 'list' ? values : values[0]);
        input[member] = all;
      };
    case 'prefixHeaders':
      return prefixReader(member, name.toLowerCase());
    default:
      return undefined;
  }
}

function queryReader(member: string, name: string, shape: Shape, read: (text: string) => unknown): ReadPart {
  const isList = shape.type === 'list';
  return (input, { query }) => {
    const values = query.get(name);
    if (values !== undefined) input[member] = isList ? values.map(read) : read(values[0]!);
  };
}

function prefixReader(member: string, prefix: string): ReadPart {
  return (input, _match, { headers }) => {
    const found: Record<string, unknown> = {};
    for (const header of Object.keys(headers)) {
      if (header.startsWith(prefix)) putEntry(found, header.slice(prefix.length), headerText(headers, header));
    }
    if (Object.keys(found).length > 0) input[member] = found;
  };
}

interface HeaderPart {
  /** Its place among the members of the structure. */
  readonly place: number;
  readonly header: string;
  readonly read: (input: Record<string, unknown>, text: string) => void;
}

function headerPart(member: string, shape: Shape, place: number, isS3: boolean): HeaderPart {
  const isList = shape.type === 'list';
  const header = (shape.locationName ?? member).toLowerCase();
  const read = itemReader(shape, isS3 ? header : undefined);
  return {
    place,
    header,
    read: (input, text) => {
      input[member] = isList ? splitHeader(text, shape).map(read) : read(text);
    },
  };
}

/** Reads what a request has of the headers that inputs may have, which can be forty: in the order of the model. */
function compileHeaders(parts: readonly HeaderPart[]): ReadPart {
  const byHeader = new Map<string, readonly HeaderPart[]>();
  for (const part of parts) byHeader.set(part.header, [...(byHeader.get(part.header) ?? []), part]);
  return (input, _match, { headers }) => {
    const found: HeaderPart[] = [];
    for (const name in headers) {
      const named = byHeader.get(name);
      if (named !== undefined) found.push(...named);
    }
    if (found.length > 1) found.sort((a, b) => a.place - b.place);
    for (const { header, read } of found) {
      const text = headerText(headers, header);
      if (text !== undefined && text !== '') read(input, text);
    }
  };
}

/** One reader that fills in everything outside the body. */
export function compileInputParts(model: ServiceModel, structure: string): ReadPart {
  const isS3 = model.id === 's3';
  const members = membersOf(model, structure);
  const parts = members.map(([member, shape]) => readerOf(member, shape, isS3)).filter(part => part !== undefined);
  const headers = members.flatMap(([member, shape], place) =>
    shape.location === 'header' ? [headerPart(member, shape, place, isS3)] : [],
  );
  if (headers.length > 0) parts.push(compileHeaders(headers));
  return (input, match, request) => {
    for (const part of parts) part(input, match, request);
  };
}
