/** Writes expressions: names and values go behind placeholders, so that any of them may be anything. */
import type { Expression } from '../expressions/placeholders.ts';
import type { AttributeValue } from '../values/attribute-value.ts';

export class ExpressionWriter {
  readonly #names: Record<string, string> = {};
  readonly #values: Record<string, AttributeValue> = {};
  #count = 0;

  /** A placeholder for the attribute. */
  name(attribute: string): string {
    const placeholder = `#${this.#count++}`;
    this.#names[placeholder] = attribute;
    return placeholder;
  }

  /** A placeholder for the value, which is canonical. */
  value(value: AttributeValue): string {
    const placeholder = `:${this.#count++}`;
    this.#values[placeholder] = value;
    return placeholder;
  }

  expression(text: string): Expression {
    return { text, names: this.#names, values: this.#values, legacy: true };
  }
}
