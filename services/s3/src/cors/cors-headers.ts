/** Cross-origin requests: the answer to a browser that asks first, and the headers that let a page see other answers. */
import type { CORSConfiguration, CORSRule } from '@aws-sdk/client-s3';
import { headerText, type WireResponse } from '@stormglass/aws-wire';
import type { ObjectIndexView } from '@stormglass/object-index';
import type { RequestHead } from '@stormglass/service-kit';
import { s3Error, s3Problem } from '../errors.ts';
import { hasKey, requestedBucket } from '../requested-bucket.ts';
import { type CrossOriginRequest, ruleFor } from './cors-rules.ts';

const VARY = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method';

const rulesOf = (view: ObjectIndexView, request: RequestHead): readonly CORSRule[] | undefined => {
  const bucket = view.bucket(requestedBucket(request) ?? '');
  return (bucket?.config.cors as CORSConfiguration | undefined)?.CORSRules;
};

/**
 * Answers `OPTIONS`.
 * @throws AwsError BadRequest, AccessForbidden
 */
export function preflight(view: ObjectIndexView, request: RequestHead): WireResponse {
  const { headers } = request;
  const origin = headerText(headers, 'origin');
  const method = headerText(headers, 'access-control-request-method');
  if (origin === undefined) throw s3Problem('BadRequest', 'Insufficient information. Origin request header needed.');
  if (method === undefined) throw s3Problem('BadRequest', 'Invalid Access-Control-Request-Method: null');
  const asked = namesIn(headerText(headers, 'access-control-request-headers'));
  const fields = { Method: method, ResourceType: hasKey(request) ? 'OBJECT' : 'BUCKET' };
  const rules = rulesOf(view, request);
  if (rules === undefined)
    throw s3Error('AccessForbidden', fields, 'CORSResponse: CORS is not enabled for this bucket.');
  const wanted: CrossOriginRequest = { origin, method, headers: asked };
  const rule = ruleFor(rules, wanted);
  if (rule === undefined)
    throw s3Error(
      'AccessForbidden',
      fields,
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    );
  const allowed = asked.length === 0 ? {} : { 'access-control-allow-headers': asked.join(', ') };
  const age = rule.MaxAgeSeconds === undefined ? {} : { 'access-control-max-age': String(rule.MaxAgeSeconds) };
  return { status: 200, headers: { ...headersOf(rule, wanted), ...allowed, ...age }, body: undefined };
}

/** Lets the page that asked see the answer, if a rule allows it. */
export function addCorsHeaders(view: ObjectIndexView, request: RequestHead, response: WireResponse): void {
  const origin = headerText(request.headers, 'origin');
  if (origin === undefined || request.method === 'OPTIONS') return;
  const wanted = { origin, method: request.method, headers: [] };
  const rule = ruleFor(rulesOf(view, request) ?? [], wanted);
  if (rule !== undefined) Object.assign(response.headers, headersOf(rule, wanted));
}

function headersOf(rule: CORSRule, { origin }: CrossOriginRequest): Record<string, string> {
  const { AllowedOrigins = [], AllowedMethods = [], ExposeHeaders = [] } = rule;
  const isForAll = AllowedOrigins.includes('*');
  return {
    'access-control-allow-origin': isForAll ? '*' : origin,
    'access-control-allow-methods': AllowedMethods.join(', '),
    ...(isForAll ? {} : { 'access-control-allow-credentials': 'true' }),
    ...(ExposeHeaders.length === 0 ? {} : { 'access-control-expose-headers': ExposeHeaders.join(', ') }),
    vary: VARY,
  };
}

const namesIn = (list: string | undefined): readonly string[] =>
  (list ?? '')
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => name !== '');
