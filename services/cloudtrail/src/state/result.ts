/** What the state answers to a command. */
import type { Trail } from './trail.ts';

export type CloudTrailRefusal =
  | 'MaximumNumberOfTrailsExceededException'
  | 'TrailAlreadyExistsException'
  | 'TrailNotFoundException'
  | 'TagsLimitExceededException'
  | 'UnknownCommand';

export interface Refused {
  readonly ok: false;
  readonly code: CloudTrailRefusal;
  readonly message: string;
}

/** `trail` is the one the command was about, as it is now or was last. */
export type CloudTrailResult = { readonly ok: true; readonly trail?: Trail } | Refused;

export const refused = (code: CloudTrailRefusal, message: string): Refused => ({ ok: false, code, message });

export const unknownTrail = (name: string, accountId: string): string =>
  `Unknown trail: ${name} for the user: ${accountId}`;
