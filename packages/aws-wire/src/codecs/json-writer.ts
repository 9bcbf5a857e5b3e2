/** Typed values as what `stringify` should see, compiled once per structure. */
import { type ServiceModel, structureOf } from '../schema/service-model.ts';
import type { Shape, SimpleShape } from '../schema/service-schema.ts';
import { formatTimestamp } from '../text/timestamps.ts';
import { RawJson, RawTexts } from './raw-json.ts';
import { formatBlob } from './scalars.ts';

type Write = (value: unknown) => unknown;
type Fields = Readonly<Record<string, unknown>>;

const asIs: Write = value => value;

function simpleWriter(shape: SimpleShape): Write {
  switch (shape.type) {
    case 'blob':
      return value => formatBlob(value as Uint8Array | string);
    case 'timestamp': {
      const format = shape.timestampFormat ?? 'epoch-seconds';
      if (format === 'epoch-seconds') return value => (value as Date).getTime() / 1000;
      return value => formatTimestamp(value as Date, format);
    }
    case 'bigInteger':
    case 'bigDecimal':
      return value => Number(value);
    case 'number':
      // JSON has no NaN and no Infinity; the protocol writes them as strings.
      return value => (Number.isFinite(value) ? value : String(value));
    default:
      return asIs;
  }
}

export class JsonWriter {
  readonly #structures = new Map<string, Write>();
  readonly #rawTexts = new RawTexts();
  /** Values of raw shapes are written as they are, and texts put in their places later. */
  readonly #raw: Write = value => (value instanceof RawJson ? this.#rawTexts.mark(value) : value);
  readonly #model: ServiceModel;

  constructor(model: ServiceModel) {
    this.#model = model;
  }

  /** The text of what the functions of this writer have made. */
  stringify(value: unknown): string {
    return this.#rawTexts.stringify(value);
  }

  structure(name: string): Write {
    const known = this.#structures.get(name);
    if (known !== undefined) return known;
    let compiled: Write | undefined;
    const write: Write = value => (compiled ??= this.#compileStructure(name))(value);
    this.#structures.set(name, write);
    return write;
  }

  shape(shape: Shape): Write {
    if (shape.type === 'structure') return this.structure(shape.name);
    if (shape.type === 'list') {
      const writeItem = this.shape(shape.member);
      // Lists of text, the commonest kind, go out as they are.
      if (writeItem === asIs) return asIs;
      return value => (value instanceof RawJson ? this.#raw(value) : (value as unknown[]).map(item => writeItem(item)));
    }
    if (shape.type === 'map') {
      const writeValue = this.shape(shape.value);
      if (writeValue === asIs) return asIs;
      return value => {
        if (value instanceof RawJson) return this.#raw(value);
        const entries = Object.entries(value as Fields).filter(([, item]) => item !== undefined && item !== null);
        return Object.fromEntries(entries.map(([key, item]) => [key, writeValue(item)]));
      };
    }
    return shape.type === 'document' ? this.#raw : simpleWriter(shape);
  }

  #compileStructure(name: string): Write {
    const members = Object.entries(structureOf(this.#model, name).members)
      .filter(([, shape]) => shape.location === undefined)
      .map(([member, shape]) => ({ member, key: shape.jsonName ?? member, write: this.shape(shape) }));
    return value => {
      const out: Record<string, unknown> = {};
      for (const { member, key, write } of members) {
        const field = (value as Fields)[member];
        if (field !== undefined && field !== null) out[key] = write(field);
      }
      return out;
    };
  }
}
