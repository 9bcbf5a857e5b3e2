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
    case 'header': {
      const isList = shape.type === 'list';
      const header = name.toLowerCase();
      const read = itemReader(shape, isS3 ? header : undefined);
      return (input, _match, { headers }) => {
        const text = headerText(headers, header);
        if (text === undefined || text === '') return;
        input[member] = isList ? splitHeader(text, shape).map(read) : read(text);
      };
    }
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

/** One reader that fills in everything outside the body. */
export function compileInputParts(model: ServiceModel, structure: string): ReadPart {
  const parts = membersOf(model, structure)
    .map(([member, shape]) => readerOf(member, shape, model.id === 's3'))
    .filter(part => part !== undefined);
  return (input, match, request) => {
    for (const part of parts) part(input, match, request);
  };
}
