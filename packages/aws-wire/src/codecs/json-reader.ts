/** Typed values out of parsed JSON (awsJson and restJson), compiled once per structure. Wrong types are refused. */
import { MalformedInput } from '../aws-error.ts';
import { type ServiceModel, structureOf } from '../schema/service-model.ts';
import type { Shape, SimpleShape } from '../schema/service-schema.ts';
import { parseTimestamp } from '../text/timestamps.ts';
import { putEntry } from './record.ts';
import { parseBlob } from './scalars.ts';

type Read = (value: unknown) => unknown;

/** Of shapes that are kept raw. */
const asIs: Read = value => value;

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

function expected(what: string, value: unknown): never {
  throw new MalformedInput(`Expected ${what}, found ${kindOf(value)}`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Null means absent, as in AWS. */
function hasNull(map: Readonly<Record<string, unknown>>): boolean {
  for (const key in map) if (map[key] === null) return true;
  return false;
}

function readNumber(value: unknown): number {
  // 1e999 is valid JSON and parses as Infinity.
  if (typeof value === 'number') return Number.isFinite(value) ? value : expected('number', 'Infinity');
  return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : expected('number', value);
}

function readBigInteger(value: unknown): bigint {
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : expected('integer', value);
}

function simpleReader(shape: SimpleShape): Read {
  switch (shape.type) {
    case 'string':
      return value => (typeof value === 'string' ? value : expected('string', value));
    case 'number':
      return readNumber;
    case 'boolean':
      return value => (typeof value === 'boolean' ? value : expected('boolean', value));
    case 'blob':
      return value => (typeof value === 'string' ? parseBlob(value) : expected('base64 string', value));
    case 'timestamp':
      return value =>
        typeof value === 'number' || typeof value === 'string' ? parseTimestamp(value) : expected('timestamp', value);
    case 'bigInteger':
      return readBigInteger;
    case 'bigDecimal':
      return value => (typeof value === 'number' ? String(value) : expected('number', value));
    case 'document':
      return asIs;
  }
}

export class JsonReader {
  readonly #structures = new Map<string, Read>();
  readonly #model: ServiceModel;

  constructor(model: ServiceModel) {
    this.#model = model;
  }

  structure(name: string): Read {
    const known = this.#structures.get(name);
    if (known !== undefined) return known;
    let compiled: Read | undefined;
    const read: Read = value => (compiled ??= this.#compileStructure(name))(value);
    this.#structures.set(name, read);
    return read;
  }

  shape(shape: Shape): Read {
    if (shape.type === 'structure') return this.structure(shape.name);
    if (shape.type === 'list') {
      const readItem = this.shape(shape.member);
      return value => (Array.isArray(value) ? value.map(item => readItem(item)) : expected('list', value));
    }
    if (shape.type === 'map') {
      const readValue = this.shape(shape.value);
      return value => {
        if (!isObject(value)) return expected('map', value);
        if (readValue === asIs && !hasNull(value)) return value;
        const out: Record<string, unknown> = {};
        for (const key of Object.keys(value)) {
          const item = value[key];
          if (item !== null) putEntry(out, key, readValue(item));
        }
        return out;
      };
    }
    return simpleReader(shape);
  }

  #compileStructure(name: string): Read {
    const structure = structureOf(this.#model, name);
    const members = new Map(
      Object.entries(structure.members).map(([member, shape]) => [
        shape.jsonName ?? member,
        { member, read: this.shape(shape) },
      ]),
    );
    const union = structure.union === true;
    return value => {
      if (!isObject(value)) return expected(`structure ${name}`, value);
      const out: Record<string, unknown> = {};
      let count = 0;
      // Members that the model does not know are ignored, and null means absent, as in AWS.
      for (const key of Object.keys(value)) {
        const known = members.get(key);
        const field = value[key];
        if (known === undefined || field === null) continue;
        out[known.member] = known.read(field);
        count++;
      }
      if (union && count !== 1) throw new MalformedInput(`Exactly one member of ${name} must be set`);
      return out;
    };
  }
}
