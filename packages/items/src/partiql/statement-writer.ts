/** Writes the conditions and updates of statements as expressions, with every name and value behind a placeholder. */
import type { Expression } from '../expressions/placeholders.ts';
import { InvalidInput } from '../invalid-input.ts';
import { ExpressionWriter } from '../legacy/expression-writer.ts';
import type { PathTerm, Term } from './syntax.ts';
import { type Parameters, termValue } from './values.ts';

export class StatementWriter {
  readonly #writer = new ExpressionWriter();
  readonly #names = new Map<string, string>();
  readonly parameters: Parameters;

  constructor(parameters: Parameters) {
    this.parameters = parameters;
  }

  path({ parts }: Pick<PathTerm, 'parts'>): string {
    return parts
      .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${this.#name(part)}`))
      .join('');
  }

  value(term: Term): string {
    if (term.kind === 'missing') throw new InvalidInput('MISSING must be compared using IS operator');
    return this.#writer.value(termValue(term, this.parameters));
  }

  /** The name of a type, as `attribute_type` takes it. */
  type(name: string): string {
    return this.#writer.value({ S: name });
  }

  expression(text: string): Expression {
    const { names, values } = this.#writer.expression(text);
    return { text, ...notEmpty('names', names), ...notEmpty('values', values) };
  }

  #name(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const placeholder = this.#writer.name(name);
    this.#names.set(name, placeholder);
    return placeholder;
  }
}

const notEmpty = <Key extends string, Value extends object>(
  key: Key,
  value: Value | undefined,
): { [K in Key]?: Value } =>
  value === undefined || Object.keys(value).length === 0 ? {} : ({ [key]: value } as { [K in Key]?: Value });

/**
 * What expressions refuse, as statements say it: of which kind the expression is they do not.
 */
export function inStatement<Value>(compile: () => Value): Value {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.message.replace(/^Invalid \w+Expression: /, ''));
  }
}
