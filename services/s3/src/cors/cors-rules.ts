/** Rules of cross-origin sharing: checked when they are set, and found for a request ("Using CORS", Amazon S3 User Guide). */
import type { CORSConfiguration, CORSRule } from '@aws-sdk/client-s3';
import { malformedXml, s3Problem } from '../errors.ts';

const RULES_MAX = 100;
const METHODS = new Set(['GET', 'PUT', 'POST', 'DELETE', 'HEAD']);

/** @throws AwsError MalformedXML, InvalidRequest */
export function checkCors({ CORSRules = [] }: CORSConfiguration): void {
  if (CORSRules.length === 0) throw malformedXml();
  if (CORSRules.length > RULES_MAX)
    throw s3Problem(
      'InvalidRequest',
      `The number of CORS rules should not exceed allowed limit of ${RULES_MAX} rules.`,
    );
  for (const rule of CORSRules) checkRule(rule);
}

function checkRule({
  AllowedMethods = [],
  AllowedOrigins = [],
  AllowedHeaders = [],
  ExposeHeaders = [],
}: CORSRule): void {
  if (AllowedMethods.length === 0 || AllowedOrigins.length === 0) throw malformedXml();
  const method = AllowedMethods.find(each => !METHODS.has(each));
  if (method !== undefined)
    throw s3Problem('InvalidRequest', `Found unsupported HTTP method in CORS config. Unsupported method is ${method}`);
  mayHaveOneStar('AllowedOrigin', AllowedOrigins);
  mayHaveOneStar('AllowedHeader', AllowedHeaders);
  const exposed = ExposeHeaders.find(each => each.includes('*'));
  if (exposed !== undefined)
    throw s3Problem(
      'InvalidRequest',
      `ExposeHeader "${exposed}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
    );
}

function mayHaveOneStar(what: string, patterns: readonly string[]): void {
  const wrong = patterns.find(each => each.split('*').length > 2);
  if (wrong !== undefined) throw s3Problem('InvalidRequest', `${what} "${wrong}" can not have more than one wildcard.`);
}

/** What a browser says of the request that a page wants to make. */
export interface CrossOriginRequest {
  readonly origin: string;
  readonly method: string;
  /** Names of headers in lower case. */
  readonly headers: readonly string[];
}

/** The first rule that allows it. */
export const ruleFor = (rules: readonly CORSRule[], request: CrossOriginRequest): CORSRule | undefined =>
  rules.find(
    ({ AllowedOrigins = [], AllowedMethods = [], AllowedHeaders = [] }) =>
      AllowedMethods.includes(request.method) &&
      AllowedOrigins.some(pattern => fits(pattern, request.origin)) &&
      request.headers.every(name => AllowedHeaders.some(pattern => fits(pattern.toLowerCase(), name))),
  );

function fits(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text;
  const [start, end] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}
