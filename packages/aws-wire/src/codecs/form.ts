/** Form bodies of the query protocols (`Tags.member.1.Key=a`) as a tree, within bounds that no honest client reaches. */
import { MalformedInput } from '../aws-error.ts';

/** A parameter, with the parameters whose names continue its own after a dot. */
export interface FormNode {
  text: string | undefined;
  children: Map<string, FormNode> | undefined;
}

const DEPTH_MAX = 40;
const PAIRS_MAX = 50_000;

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch (cause) {
    throw new MalformedInput('The query string contains a syntax error.', { cause });
  }
}

function insert(root: FormNode, name: string, text: string): void {
  let node = root;
  let from = 0;
  for (let depth = 0; ; depth++) {
    if (depth === DEPTH_MAX) throw new MalformedInput('Parameter names are nested too deeply.');
    const dot = name.indexOf('.', from);
    const segment = dot < 0 ? name.slice(from) : name.slice(from, dot);
    node.children ??= new Map();
    let child = node.children.get(segment);
    if (child === undefined) {
      child = { text: undefined, children: undefined };
      node.children.set(segment, child);
    }
    node = child;
    if (dot < 0) break;
    from = dot + 1;
  }
  if (node.text !== undefined) throw new MalformedInput('Duplicate parameter.');
  node.text = text;
}

/** Parses form-encoded text; several texts (query string and body) add up to one form. */
export function parseForm(...texts: string[]): FormNode {
  const root: FormNode = { text: undefined, children: new Map() };
  let pairs = 0;
  for (const text of texts) {
    let from = 0;
    while (from < text.length) {
      const ampersand = text.indexOf('&', from);
      const end = ampersand < 0 ? text.length : ampersand;
      if (end > from) {
        if (++pairs > PAIRS_MAX) throw new MalformedInput('Too many parameters.');
        const pair = text.slice(from, end);
        const equals = pair.indexOf('=');
        if (equals < 0) insert(root, decode(pair), '');
        else insert(root, decode(pair.slice(0, equals)), decode(pair.slice(equals + 1)));
      }
      from = end + 1;
    }
  }
  return root;
}
