/** Writes condition trees as PartiQL, with literals where PartiQL has such and parameters for the rest. */
import type { AttributeValue } from '../values/attribute-value.ts';
import type { TreeCondition, TreeOperand, TreePath } from './expression-trees.ts';

/** What IS calls the types that it knows. */
const TYPES: Readonly<Record<string, string>> = {
  NULL: 'NULL',
  BOOL: 'Boolean',
  S: 'string',
  N: 'NUMERIC',
  M: 'tuple',
  L: 'LIST',
};

export class StatementTreeWriter {
  readonly parameters: AttributeValue[] = [];

  condition(tree: TreeCondition): string {
    if ('all' in tree) return tree.all.map(part => this.#part(part)).join(' and ');
    if ('any' in tree) return tree.any.map(part => this.#part(part)).join(' OR /* or */ ');
    if ('not' in tree) return `Not ${this.#part(tree.not)}`;
    if ('compare' in tree) return `${this.#operand(tree.a)} ${tree.compare} ${this.#operand(tree.b)}`;
    if ('between' in tree)
      return `${this.#operand(tree.between)} BETWEEN ${this.#operand(tree.low)} and ${this.#operand(tree.high)}`;
    if ('oneOf' in tree) return this.#oneOf(tree);
    if ('exists' in tree) return `${this.#path(tree.exists)} is ${tree.wanted ? 'not ' : ''}missing`;
    if ('hasType' in tree) {
      const name = TYPES[tree.hasType];
      const path = this.#path(tree.at);
      return name === undefined ? `Attribute_Type(${path}, '${tree.hasType}')` : `${path} IS ${name}`;
    }
    if ('beginsWith' in tree) return `begins_with(${this.#path(tree.at)}, ${this.#operand(tree.beginsWith)}) = true`;
    return `contains(${this.#path(tree.at)}, ${this.#operand(tree.contains)})`;
  }

  /** IN has a path on its left; what has none is said in another way. */
  #oneOf({ operand, oneOf }: Extract<TreeCondition, { oneOf: unknown }>): string {
    if ('path' in operand)
      return `${this.#path(operand.path)} in [${oneOf.map(each => this.#operand(each)).join(', ')}]`;
    return `(${oneOf.map(each => `${this.#operand(operand)} = ${this.#operand(each)}`).join(' OR ')})`;
  }

  #part(tree: TreeCondition): string {
    return `(${this.condition(tree)})`;
  }

  #operand(operand: TreeOperand): string {
    if ('path' in operand) return this.#path(operand.path);
    return 'literal' in operand ? this.#value(operand.literal) : `SIZE(${this.#path(operand.sizeOf)})`;
  }

  #path(path: TreePath): string {
    return path
      .map((part, i) => {
        if (typeof part === 'number') return `[${part}]`;
        const name = /^[a-d]\d?$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`;
        return i === 0 ? name : `.${name}`;
      })
      .join('');
  }

  #value(value: AttributeValue): string {
    if ('S' in value) return `'${value.S.replaceAll("'", "''")}'`;
    if ('N' in value) return value.N;
    if ('BOOL' in value) return String(value.BOOL);
    if ('NULL' in value) return 'null';
    if ('L' in value) return `[${value.L.map(each => this.#value(each)).join(', ')}]`;
    if ('M' in value)
      return `{${Object.entries(value.M)
        .map(([name, each]) => `'${name}': ${this.#value(each)}`)
        .join(', ')}}`;
    if ('SS' in value) return `<<${value.SS.map(S => this.#value({ S })).join(', ')}>>`;
    if ('NS' in value) return `<<${value.NS.join(', ')}>>`;
    this.parameters.push(value);
    return '?';
  }
}
