/** Typed values out of XML elements (restXml requests), compiled once per structure. */
import { MalformedInput } from '../aws-error.ts';
import { membersOf, type ServiceModel } from '../schema/service-model.ts';
import type { MapShape, Shape } from '../schema/service-schema.ts';
import type { XmlElement } from '../text/parse-xml.ts';
import { putEntry } from './record.ts';
import { textReader } from './scalars.ts';

type Read = (element: XmlElement) => unknown;
/** Flattened lists and maps are spread over several elements of the same name. */
type ReadAll = (elements: XmlElement[]) => unknown;

const child = (element: XmlElement, name: string): XmlElement => {
  const found = element.children.find(candidate => candidate.name === name);
  if (found === undefined) throw new MalformedInput(`Element ${element.name} has no ${name}.`);
  return found;
};

export class XmlReader {
  readonly #structures = new Map<string, Read>();
  readonly #model: ServiceModel;

  constructor(model: ServiceModel) {
    this.#model = model;
  }

  structure(name: string): Read {
    const known = this.#structures.get(name);
    if (known !== undefined) return known;
    let compiled: Read | undefined;
    const read: Read = element => (compiled ??= this.#compileStructure(name))(element);
    this.#structures.set(name, read);
    return read;
  }

  shape(shape: Shape): Read {
    if (shape.type === 'structure') return this.structure(shape.name);
    if (shape.type === 'list') {
      const readAll = this.#all(shape);
      const itemName = shape.member.xmlName ?? 'member';
      return element => readAll(element.children.filter(item => item.name === itemName));
    }
    if (shape.type === 'map') {
      const readAll = this.#all(shape);
      return element => readAll(element.children.filter(entry => entry.name === 'entry'));
    }
    const read = textReader(shape);
    return element => {
      if (element.children.length > 0) throw new MalformedInput(`Element ${element.name} must hold text.`);
      return read(element.text);
    };
  }

  #all(shape: Shape): ReadAll {
    if (shape.type === 'list') {
      const readItem = this.shape(shape.member);
      return elements => elements.map(element => readItem(element));
    }
    if (shape.type === 'map') return this.#entries(shape);
    const read = this.shape(shape);
    return elements => {
      if (elements.length > 1) throw new MalformedInput(`Element ${elements[0]!.name} occurs more than once.`);
      return read(elements[0]!);
    };
  }

  #entries(shape: MapShape): ReadAll {
    const keyName = shape.key.xmlName ?? 'key';
    const valueName = shape.value.xmlName ?? 'value';
    const readValue = this.shape(shape.value);
    return elements => {
      const out: Record<string, unknown> = {};
      for (const entry of elements) putEntry(out, child(entry, keyName).text, readValue(child(entry, valueName)));
      return out;
    };
  }

  #compileStructure(name: string): Read {
    const elements = new Map<string, { member: string; readAll: ReadAll }>();
    const attributes: { member: string; attribute: string; read: (text: string) => unknown }[] = [];
    for (const [member, shape] of membersOf(this.#model, name)) {
      if (shape.location !== undefined) continue;
      const tag = shape.xmlName ?? member;
      if (!shape.xmlAttribute)
        elements.set(tag, { member, readAll: shape.flattened ? this.#all(shape) : this.#single(shape) });
      else if (shape.type !== 'list' && shape.type !== 'map' && shape.type !== 'structure') {
        attributes.push({ member, attribute: tag, read: textReader(shape) });
      }
    }
    return element => {
      const out: Record<string, unknown> = {};
      for (const { member, attribute, read } of attributes) {
        const text = element.attributes.get(attribute);
        if (text !== undefined) out[member] = read(text);
      }
      for (const [tag, group] of groupByName(element.children)) {
        const known = elements.get(tag);
        if (known !== undefined) out[known.member] = known.readAll(group);
      }
      return out;
    };
  }

  #single(shape: Shape): ReadAll {
    const read = this.shape(shape);
    return elements => {
      if (elements.length > 1) throw new MalformedInput(`Element ${elements[0]!.name} occurs more than once.`);
      return read(elements[0]!);
    };
  }
}

function groupByName(elements: readonly XmlElement[]): Map<string, XmlElement[]> {
  const groups = new Map<string, XmlElement[]>();
  for (const element of elements) {
    const group = groups.get(element.name);
    if (group === undefined) groups.set(element.name, [element]);
    else group.push(element);
  }
  return groups;
}
