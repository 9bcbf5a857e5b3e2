/**
 * IAM's own words for names and paths that are none, by the patterns of the model. Names may have letters, digits and
 * `+=,.@_-`; paths begin and end with a slash (IAM User Guide, "IAM and AWS STS quotas").
 */
import type { Phrases } from '@stormglass/aws-wire';

const name = (member: string): string =>
  `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`;

const path = (member: string): string =>
  `The specified value for ${member} is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`;

const pathPrefix = (member: string): string =>
  `The specified value for ${member} is invalid. It must begin with the / character and contain only alphanumeric characters and/or / characters.`;

export const PHRASES: Phrases = {
  '[\\w+=,.@-]+': name,
  '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)': path,
  // Paths of managed policies.
  '((/[A-Za-z0-9\\.,\\+@=_-]+)*)/': path,
  '\\u002F[\\u0021-\\u007F]*': pathPrefix,
};
