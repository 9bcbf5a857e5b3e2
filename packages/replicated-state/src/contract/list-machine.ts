/** The state machine of the contract suites: a list that remembers every value appended, in order, duplicates included. */
import type { ApplyContext, StateMachine } from '../state-machine.ts';

export interface ListView {
  readonly values: readonly string[];
}

export class ListMachine implements StateMachine<string, number, ListView> {
  readonly name = 'list';
  readonly format = 1;
  #values: string[] = [];

  get view(): ListView {
    return { values: this.#values };
  }

  /** Appends; the result is the value's place in the list. */
  apply(_context: ApplyContext, value: string): number {
    return this.#values.push(value) - 1;
  }

  snapshot(): Iterable<unknown> {
    return this.#values.slice();
  }

  install(records: Iterable<unknown>): void {
    this.#values = [...records] as string[];
  }
}
