/** What state machines answer to a command, and how the code that applies one leaves it. */

export interface Accepted<Value> {
  readonly ok: true;
  readonly value: Value;
}

export const accepted = <Value>(value: Value): Accepted<Value> => ({ ok: true, value });

/** What every refusal has. */
export interface AnyRefusal {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
}

/** Leaves a command through the refusal; the machine's `apply` turns it into a result. Nothing may be stored before. */
export class Refused<Refusal extends AnyRefusal> extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}
