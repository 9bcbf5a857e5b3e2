/** What an answer needs beside the output that the model describes: another status, further headers. */
import type { WireResponse } from '@stormglass/aws-wire';

export interface AnswerExtras {
  /** In place of the modelled one: 206, 301. */
  readonly status?: number;
  /** Names in lower case; put over those of the model. */
  readonly headers?: Readonly<Record<string, string>>;
}

const extras = new WeakMap<object, AnswerExtras>();

/** Marks an output of a handler: `return answered(output, { status: 206 })`. The output itself stays as it is. */
export function answered<Output extends object>(output: Output, how: AnswerExtras): Output {
  extras.set(output, how);
  return output;
}

export const statusOf = (output: object): number | undefined => extras.get(output)?.status;

/** Puts the headers that go with an output into its response. */
export const addHeaders = (output: object, response: WireResponse): void => {
  Object.assign(response.headers, extras.get(output)?.headers);
};
