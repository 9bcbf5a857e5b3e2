/** Answers of the ACME state: the id of what a command was about, or the problem the client is told of. */
import type { Problem } from './records.ts';

/** `created`: false when what was to be made was there already. */
export type AcmeResult =
  | { readonly ok: true; readonly id: string; readonly created: boolean }
  | { readonly ok: false; readonly problem: Problem };

export const done = (id: string, created = false): AcmeResult => ({ ok: true, id, created });

/** Refuses a command. Nothing may have been stored before. */
export const refuse = (type: string, detail: string): AcmeResult => ({ ok: false, problem: { type, detail } });
