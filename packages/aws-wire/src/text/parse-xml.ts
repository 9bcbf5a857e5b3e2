/**
 * A small strict XML parser for request bodies. No document types and therefore no entities beyond the predefined ones,
 * bounded depth, linear time.
 */
import { MalformedInput } from '../aws-error.ts';

export interface XmlElement {
  /** Without its namespace prefix. */
  readonly name: string;
  /** With their prefixes, because AWS models name them so (`xsi:type`). */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const DEPTH_MAX = 100;
const NAME = /[A-Za-z_][\w.:-]*/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>/y;
const REFERENCE = /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));|&/g;
const PREDEFINED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

const notWellFormed = (): MalformedInput => new MalformedInput('The XML you provided was not well-formed.');

function decodeReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (_, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return PREDEFINED[name]!;
    const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal ?? -1);
    const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    if (!isCharacter) throw notWellFormed();
    return String.fromCodePoint(code);
  });
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

class XmlParser {
  readonly #text: string;
  #at = 0;
  /** Open elements with their full names; the first is a stand-in that holds the root. */
  readonly #open: { element: XmlElement; fullName: string }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  parse(): XmlElement {
    const document: XmlElement = { name: '', attributes: NO_ATTRIBUTES, children: [], text: '' };
    this.#open.push({ element: document, fullName: '' });
    while (this.#at < this.#text.length) {
      const next = this.#text.indexOf('<', this.#at);
      this.#addText(decodeReferences(this.#text.slice(this.#at, next < 0 ? this.#text.length : next)));
      if (next < 0) break;
      this.#at = next;
      this.#markup();
    }
    const [root, ...others] = document.children;
    if (this.#open.length !== 1 || root === undefined || others.length > 0 || document.text.trim() !== '') {
      throw notWellFormed();
    }
    return root;
  }

  #addText(text: string): void {
    if (text !== '') this.#open.at(-1)!.element.text += text;
  }

  #markup(): void {
    if (this.#startsWith('</')) this.#closingTag();
    else if (this.#startsWith('<!--')) this.#skip('<!--', '-->');
    else if (this.#startsWith('<![CDATA[')) this.#addText(this.#skip('<![CDATA[', ']]>'));
    else if (this.#startsWith('<?')) this.#skip('<?', '?>');
    else if (this.#startsWith('<!')) throw new MalformedInput('Document type declarations are not allowed.');
    else this.#openingTag();
  }

  #startsWith(mark: string): boolean {
    return this.#text.startsWith(mark, this.#at);
  }

  #skip(start: string, end: string): string {
    const from = this.#at + start.length;
    const to = this.#text.indexOf(end, from);
    if (to < 0) throw notWellFormed();
    this.#at = to + end.length;
    return this.#text.slice(from, to);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }

  #openingTag(): void {
    this.#at++;
    const fullName = this.#match(NAME)?.[0];
    if (fullName === undefined) throw notWellFormed();
    let attributes: Map<string, string> | undefined;
    for (let match = this.#match(ATTRIBUTE); match !== null; match = this.#match(ATTRIBUTE)) {
      attributes ??= new Map();
      if (attributes.has(match[1]!)) throw notWellFormed();
      attributes.set(match[1]!, decodeReferences(match[2] ?? match[3] ?? ''));
    }
    const end = this.#match(TAG_END);
    if (end === null) throw notWellFormed();
    const element: XmlElement = {
      name: localName(fullName),
      attributes: attributes ?? NO_ATTRIBUTES,
      children: [],
      text: '',
    };
    this.#open.at(-1)!.element.children.push(element);
    if (end[1] === '/') return;
    if (this.#open.length > DEPTH_MAX) throw new MalformedInput('The XML you provided is nested too deeply.');
    this.#open.push({ element, fullName });
  }

  #closingTag(): void {
    this.#at += 2;
    const fullName = this.#match(NAME)?.[0];
    const end = this.#match(TAG_END);
    if (end === null || end[1] === '/' || this.#open.length === 1) throw notWellFormed();
    if (this.#open.pop()!.fullName !== fullName) throw notWellFormed();
  }
}

/** Parses a document and returns its root element. */
export const parseXml = (text: string): XmlElement => new XmlParser(text.replace(/^\ufeff/, '')).parse();
