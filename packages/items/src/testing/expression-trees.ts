/** Expressions as tests make them: trees that one piece writes as text, and another evaluates without reading any. */
import type { AttributeValue, TypeName } from '../values/attribute-value.ts';

export type TreePath = readonly [string, ...(string | number)[]];

export type TreeOperand =
  | { readonly path: TreePath }
  | { readonly literal: AttributeValue }
  | { readonly sizeOf: TreePath };

export type TreeCondition =
  | { readonly all: readonly TreeCondition[] }
  | { readonly any: readonly TreeCondition[] }
  | { readonly not: TreeCondition }
  | { readonly compare: '=' | '<>' | '<' | '<=' | '>' | '>='; readonly a: TreeOperand; readonly b: TreeOperand }
  | { readonly between: TreeOperand; readonly low: TreeOperand; readonly high: TreeOperand }
  | { readonly oneOf: readonly TreeOperand[]; readonly operand: TreeOperand }
  | { readonly exists: TreePath; readonly wanted: boolean }
  | { readonly hasType: TypeName; readonly at: TreePath }
  | { readonly beginsWith: TreeOperand; readonly at: TreePath }
  | { readonly contains: TreeOperand; readonly at: TreePath };

export type TreeSource =
  | { readonly path: TreePath }
  | { readonly literal: AttributeValue }
  | { readonly ifNotExists: TreePath; readonly otherwise: TreeSource }
  | { readonly append: readonly [TreeSource, TreeSource] };

export type TreeAction =
  | { readonly set: TreePath; readonly to: TreeSource }
  | { readonly set: TreePath; readonly sum: readonly [TreeSource, '+' | '-', TreeSource] }
  | { readonly remove: TreePath }
  | { readonly add: AttributeValue; readonly at: TreePath }
  | { readonly take: AttributeValue; readonly at: TreePath };

/** Writes trees as text, with placeholders for values and for names that are no plain words. */
export class TreeWriter {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, AttributeValue> = {};

  condition(tree: TreeCondition): string {
    if ('all' in tree) return tree.all.map(part => this.#part(part)).join(' AND ');
    if ('any' in tree) return tree.any.map(part => this.#part(part)).join('  or ');
    if ('not' in tree) return `NOT ${this.#part(tree.not)}`;
    if ('compare' in tree) return `${this.#operand(tree.a)} ${tree.compare} ${this.#operand(tree.b)}`;
    if ('between' in tree)
      return `${this.#operand(tree.between)} Between ${this.#operand(tree.low)} and ${this.#operand(tree.high)}`;
    if ('oneOf' in tree)
      return `${this.#operand(tree.operand)} IN(${tree.oneOf.map(each => this.#operand(each)).join(', ')})`;
    if ('exists' in tree)
      return `${tree.wanted ? 'attribute_exists' : 'attribute_not_exists'}(${this.path(tree.exists)})`;
    if ('hasType' in tree) return `attribute_type ( ${this.path(tree.at)}, ${this.#value({ S: tree.hasType })} )`;
    if ('beginsWith' in tree) return `begins_with(${this.path(tree.at)}, ${this.#operand(tree.beginsWith)})`;
    return `contains(${this.path(tree.at)},${this.#operand(tree.contains)})`;
  }

  update(actions: readonly TreeAction[]): string {
    const clauses = new Map<string, string[]>();
    for (const action of actions) {
      const [clause, text] = this.#action(action);
      clauses.set(clause, [...(clauses.get(clause) ?? []), text]);
    }
    return [...clauses].map(([clause, texts]) => `${clause} ${texts.join(', ')}`).join('\n');
  }

  path(path: TreePath): string {
    return path
      .map((part, i) => {
        if (typeof part === 'number') return `[${part}]`;
        const name = /^[a-d]\d?$/.test(part) ? part : this.#name(part);
        return i === 0 ? name : `.${name}`;
      })
      .join('');
  }

  /** Parentheses around what holds others, so that there are never two of them around one. */
  #part(tree: TreeCondition): string {
    const text = this.condition(tree);
    return 'all' in tree || 'any' in tree || 'not' in tree ? `(${text})` : text;
  }

  #action(action: TreeAction): [string, string] {
    if ('remove' in action) return ['remove', this.path(action.remove)];
    if ('add' in action) return ['ADD', `${this.path(action.at)} ${this.#value(action.add)}`];
    if ('take' in action) return ['DELETE', `${this.path(action.at)} ${this.#value(action.take)}`];
    if ('to' in action) return ['SET', `${this.path(action.set)} = ${this.#source(action.to)}`];
    const [left, operator, right] = action.sum;
    return ['SET', `${this.path(action.set)} = (${this.#source(left)} ${operator} ${this.#source(right)})`];
  }

  #source(source: TreeSource): string {
    if ('path' in source) return this.path(source.path);
    if ('literal' in source) return this.#value(source.literal);
    if ('append' in source) return `list_append(${source.append.map(each => this.#source(each)).join(', ')})`;
    return `if_not_exists(${this.path(source.ifNotExists)}, ${this.#source(source.otherwise)})`;
  }

  #operand(operand: TreeOperand): string {
    if ('path' in operand) return this.path(operand.path);
    return 'literal' in operand ? this.#value(operand.literal) : `size(${this.path(operand.sizeOf)})`;
  }

  #name(name: string): string {
    const placeholder = `#n${Object.keys(this.names).length}`;
    this.names[placeholder] = name;
    return placeholder;
  }

  #value(value: AttributeValue): string {
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = value;
    return placeholder;
  }
}
