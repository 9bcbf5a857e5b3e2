/** Typed values out of form trees (query and ec2Query requests), compiled once per structure. */
import { MalformedInput } from '../aws-error.ts';
import { membersOf, type ServiceModel } from '../schema/service-model.ts';
import type { ListShape, MapShape, Shape } from '../schema/service-schema.ts';
import type { FormNode } from './form.ts';
import { putEntry } from './record.ts';
import { textReader } from './scalars.ts';

type Read = (node: FormNode) => unknown;

const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const INDEX = /^[1-9]\d{0,8}$/;

/** The numbered entries below a node, in order. Gaps are allowed, as AWS allows them. */
function numbered(children: ReadonlyMap<string, FormNode>): FormNode[] {
  const entries: [number, FormNode][] = [];
  for (const [key, node] of children) {
    if (!INDEX.test(key)) throw new MalformedInput('Key is not a list index.');
    entries.push([Number(key), node]);
  }
  return entries.sort(([a], [b]) => a - b).map(([, node]) => node);
}

export class FormReader {
  readonly #structures = new Map<string, Read>();
  readonly #model: ServiceModel;
  readonly #ec2: boolean;

  constructor(model: ServiceModel, dialect: 'query' | 'ec2Query') {
    this.#model = model;
    this.#ec2 = dialect === 'ec2Query';
  }

  /** The reader of a structure. It compiles itself at first use, so that structures may contain themselves. */
  structure(name: string): Read {
    const known = this.#structures.get(name);
    if (known !== undefined) return known;
    let compiled: Read | undefined;
    const read: Read = node => (compiled ??= this.#compileStructure(name))(node);
    this.#structures.set(name, read);
    return read;
  }

  #shape(shape: Shape): Read {
    if (shape.type === 'structure') return this.structure(shape.name);
    if (shape.type === 'list') return this.#list(shape);
    if (shape.type === 'map') return this.#map(shape);
    const read = textReader(shape);
    return node => {
      if (node.children !== undefined) throw new MalformedInput('Unexpected complex element termination');
      return node.text === undefined ? undefined : read(node.text);
    };
  }

  #compileStructure(name: string): Read {
    const members = membersOf(this.#model, name).map(([member, shape]) => ({
      member,
      parameter: this.#parameterName(member, shape),
      read: this.#shape(shape),
    }));
    return node => {
      const out: Record<string, unknown> = {};
      if (node.children === undefined) {
        if (node.text) throw new MalformedInput('Unexpected value where a structure was expected.');
        return out;
      }
      // Parameters that the model does not know are ignored, as AWS ignores them.
      for (const { member, parameter, read } of members) {
        const child = node.children.get(parameter);
        const value = child && read(child);
        if (value !== undefined) out[member] = value;
      }
      return out;
    };
  }

  #parameterName(member: string, shape: Shape): string {
    if (!this.#ec2) return shape.xmlName ?? member;
    return shape.ec2QueryName ?? capitalized(shape.xmlName ?? member);
  }

  #list(shape: ListShape): Read {
    const readItem = this.#shape(shape.member);
    const flat = this.#ec2 || shape.flattened === true;
    const itemName = shape.member.xmlName ?? 'member';
    const items = (node: FormNode) =>
      flat ? node.children : (node.children?.get(itemName) ?? node.children?.get('member'))?.children;
    return node => {
      const children = items(node);
      if (children !== undefined) return numbered(children).map(readItem);
      // `Tags=` is how clients write an empty list.
      if (node.text === '' && node.children === undefined) return [];
      throw new MalformedInput('Unexpected list element termination');
    };
  }

  #map(shape: MapShape): Read {
    const readValue = this.#shape(shape.value);
    const keyName = shape.key.xmlName ?? 'key';
    const valueName = shape.value.xmlName ?? 'value';
    return node => {
      const out: Record<string, unknown> = {};
      const entries = shape.flattened ? node.children : node.children?.get('entry')?.children;
      for (const entry of numbered(entries ?? new Map())) {
        const key = entry.children?.get(keyName)?.text;
        const value = entry.children?.get(valueName);
        if (key === undefined || value === undefined) throw new MalformedInput('Map entry without key or value.');
        putEntry(out, key, readValue(value));
      }
      return out;
    };
  }
}
