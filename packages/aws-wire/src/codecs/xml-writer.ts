/** Typed values as XML (responses of query, ec2Query and restXml), compiled once per structure. */
import { membersOf, type ServiceModel, structureOf } from '../schema/service-model.ts';
import type { MapShape, Shape } from '../schema/service-schema.ts';
import { escapeXml } from '../text/escape-xml.ts';
import { wholeIsoTime } from '../text/timestamps.ts';
import { textWriter } from './scalars.ts';

type Write = (value: unknown) => string;
type Fields = Readonly<Record<string, unknown>>;

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

/** S3 writes milliseconds even where there are none, and some of its clients read nothing else. */
const wholeTimestamp: Write = value => wholeIsoTime(Number(value));

export class XmlWriter {
  readonly #structures = new Map<string, Write>();
  readonly #model: ServiceModel;
  readonly #isS3: boolean;

  constructor(model: ServiceModel) {
    this.#model = model;
    this.#isS3 = model.id === 's3';
  }

  /** Writes the children of a structure, without an element around them. */
  structure(name: string): Write {
    const known = this.#structures.get(name);
    if (known !== undefined) return known;
    let compiled: Write | undefined;
    const write: Write = value => (compiled ??= this.#compileStructure(name))(value);
    this.#structures.set(name, write);
    return write;
  }

  /** Writes a value with an element of its own. */
  element(shape: Shape, tag: string): Write {
    const content = this.#content(shape);
    const close = `</${tag}>`;
    const open = this.#opening(shape, tag);
    if (typeof open === 'string') return value => open + content(value) + close;
    return value => open(value) + content(value) + close;
  }

  #content(shape: Shape): Write {
    if (shape.type === 'structure') return this.structure(shape.name);
    if (shape.type === 'list') return this.#items(this.element(shape.member, shape.member.xmlName ?? 'member'));
    if (shape.type === 'map') return this.#entries(shape, 'entry');
    const write = this.#isS3 && shape.type === 'timestamp' ? wholeTimestamp : textWriter(shape, 'date-time');
    const needsEscape = shape.type === 'string' || shape.type === 'bigDecimal' || shape.type === 'document';
    return needsEscape ? value => escapeXml(write(value)) : write;
  }

  #items(writeItem: Write): Write {
    return value => {
      let out = '';
      for (const item of value as unknown[]) if (item !== undefined && item !== null) out += writeItem(item);
      return out;
    };
  }

  #entries(shape: MapShape, tag: string): Write {
    const keyTag = shape.key.xmlName ?? 'key';
    const writeValue = this.element(shape.value, shape.value.xmlName ?? 'value');
    return value => {
      let out = '';
      for (const [key, item] of Object.entries(value as Fields)) {
        if (item === undefined || item === null) continue;
        out += `<${tag}><${keyTag}>${escapeXml(key)}</${keyTag}>${writeValue(item)}</${tag}>`;
      }
      return out;
    };
  }

  #compileStructure(name: string): Write {
    const members: { name: string; write: Write }[] = [];
    for (const [member, shape] of membersOf(this.#model, name)) {
      if (shape.location !== undefined || shape.xmlAttribute) continue;
      members.push({ name: member, write: this.#member(shape, shape.xmlName ?? member) });
    }
    return value => {
      let out = '';
      for (const member of members) {
        const field = (value as Fields)[member.name];
        if (field !== undefined && field !== null) out += member.write(field);
      }
      return out;
    };
  }

  #member(shape: Shape, tag: string): Write {
    if (shape.flattened && shape.type === 'list') return this.#items(this.element(shape.member, tag));
    if (shape.flattened && shape.type === 'map') return this.#entries(shape, tag);
    return this.element(shape, tag);
  }

  /** The opening tag: fixed text, or a function when members of the structure become attributes. */
  #opening(shape: Shape, tag: string): string | Write {
    let start = `<${tag}`;
    if (shape.xmlNamespace !== undefined) {
      const { prefix, uri } = shape.xmlNamespace;
      start += ` xmlns${prefix === undefined ? '' : `:${prefix}`}="${uri}"`;
    }
    const attributes = shape.type === 'structure' ? this.#attributes(shape.name) : [];
    if (attributes.length === 0) return `${start}>`;
    // xsi is the only prefix that AWS models give to attributes.
    if (attributes.some(({ tag: name }) => name.startsWith('xsi:')) && !start.includes('xmlns:xsi=')) {
      start += ` xmlns:xsi="${XSI}"`;
    }
    return value => {
      let out = start;
      for (const attribute of attributes) {
        const field = (value as Fields)[attribute.name];
        if (field !== undefined && field !== null) out += ` ${attribute.tag}="${escapeXml(attribute.write(field))}"`;
      }
      return `${out}>`;
    };
  }

  #attributes(structure: string): { name: string; tag: string; write: Write }[] {
    const out: { name: string; tag: string; write: Write }[] = [];
    for (const [name, shape] of Object.entries(structureOf(this.#model, structure).members)) {
      if (!shape.xmlAttribute) continue;
      if (shape.type === 'list' || shape.type === 'map' || shape.type === 'structure') continue;
      out.push({ name, tag: shape.xmlName ?? name, write: textWriter(shape, 'date-time') });
    }
    return out;
  }
}
