/**
 * The static schemas inside SDK v3 client packages: arrays, with numbers for kinds and simple types. The numbers are
 * those of `@smithy/core/schema`; they are read here directly, so that nothing of the SDK has to be imported.
 */
import type { Location, Shape, SimpleType, TimestampFormat, Traits } from '../schema/service-schema.ts';

export type SdkTraits = number | Readonly<Record<string, unknown>>;
export type SdkSchema = readonly unknown[];

/** First element of a schema array. */
export const KIND = { simple: 0, list: 1, map: 2, structure: 3, error: -3, union: 4, operation: 9 } as const;

const LIST_OF = 64;
const MAP_OF = 128;
const STREAMING_BLOB = 42;

const SIMPLE: ReadonlyMap<number, [SimpleType, TimestampFormat?]> = new Map([
  [0, ['string']],
  [1, ['number']],
  [2, ['boolean']],
  [4, ['timestamp']],
  [5, ['timestamp', 'date-time']],
  [6, ['timestamp', 'http-date']],
  [7, ['timestamp', 'epoch-seconds']],
  [15, ['document']],
  [17, ['bigInteger']],
  [19, ['bigDecimal']],
  [21, ['blob']],
  [STREAMING_BLOB, ['blob']],
] as [number, [SimpleType, TimestampFormat?]][]);

const TRAIT_BITS = [
  'httpLabel',
  'idempotent',
  'idempotencyToken',
  'sensitive',
  'httpPayload',
  'httpResponseCode',
  'httpQueryParams',
];

const LOCATIONS: Record<string, Location> = {
  httpLabel: 'label',
  httpQuery: 'query',
  httpQueryParams: 'queryParams',
  httpHeader: 'header',
  httpPrefixHeaders: 'prefixHeaders',
  httpPayload: 'payload',
  httpResponseCode: 'status',
};

/** Traits as an object; the SDK packs those without a value into the bits of a number. */
export function expandTraits(traits: SdkTraits | undefined): Record<string, unknown> {
  if (typeof traits === 'object') return { ...traits };
  const out: Record<string, unknown> = {};
  TRAIT_BITS.forEach((name, bit) => {
    if (((traits ?? 0) >> bit) & 1) out[name] = 1;
  });
  return out;
}

function traitsOf(sdk: Record<string, unknown>): Traits {
  const out: Traits = {};
  for (const [name, value] of Object.entries(sdk)) {
    const location = LOCATIONS[name];
    if (location !== undefined) {
      out.location = location;
      if (typeof value === 'string' && value !== '') out.locationName = value;
    } else if (name === 'xmlName' || name === 'ec2QueryName' || name === 'jsonName') out[name] = String(value);
    else if (name === 'xmlFlattened') out.flattened = true;
    else if (name === 'xmlNamespace') {
      const [prefix, uri] = value as [string, string];
      out.xmlNamespace = prefix ? { uri, prefix } : { uri };
    } else if (name === 'xmlAttribute' || name === 'idempotencyToken' || name === 'sensitive' || name === 'streaming') {
      out[name] = true;
    }
  }
  return out;
}

const simpleShape = (code: number, traits: Traits): Shape => {
  const found = SIMPLE.get(code);
  if (found === undefined) throw new Error(`unknown simple type ${code} in an SDK schema`);
  const [type, timestampFormat] = found;
  const streaming = code === STREAMING_BLOB ? ({ streaming: true } as const) : {};
  return { type, ...(timestampFormat && { timestampFormat }), ...streaming, ...traits };
};

/** Follows references until a schema array or the number of a simple type is reached, collecting traits on the way. */
export function dereference(reference: unknown): {
  schema: SdkSchema | number | 'unit';
  traits: Record<string, unknown>;
} {
  let traits: Record<string, unknown> = {};
  let at = reference;
  for (;;) {
    if (typeof at === 'function') at = at();
    else if (Array.isArray(at) && at.length === 2) {
      traits = { ...expandTraits(at[1]), ...traits };
      at = at[0];
    } else if (Array.isArray(at)) {
      traits = { ...expandTraits(at[3]), ...traits };
      if (at[0] !== KIND.simple) return { schema: at, traits };
      at = at[4];
    } else return { schema: at as number | 'unit', traits };
  }
}

/** Turns an SDK reference into a shape; `visit` is told about every structure on the way and gives its name. */
export function shapeOf(reference: unknown, visit: (structure: SdkSchema) => string): Shape {
  const { schema, traits: sdkTraits } = dereference(reference);
  const traits = traitsOf(sdkTraits);
  if (schema === 'unit')
    return { type: 'structure', name: visit([KIND.structure, '', 'Unit', 0, [], [], 0]), ...traits };
  if (typeof schema === 'number') {
    if (schema & MAP_OF)
      return { type: 'map', key: { type: 'string' }, value: simpleShape(schema - MAP_OF, {}), ...traits };
    if (schema & LIST_OF) return { type: 'list', member: simpleShape(schema - LIST_OF, {}), ...traits };
    return simpleShape(schema, traits);
  }
  if (schema[0] === KIND.list) return { type: 'list', member: shapeOf(schema[4], visit), ...traits };
  if (schema[0] === KIND.map) {
    return { type: 'map', key: shapeOf(schema[4], visit), value: shapeOf(schema[5], visit), ...traits };
  }
  return { type: 'structure', name: visit(schema), ...traits };
}
