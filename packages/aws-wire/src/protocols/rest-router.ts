/** Finds the operation of a REST request by method, path pattern and the query keys that tell siblings apart. */
import { membersOf, type Operation, type ServiceModel, structureOf } from '../schema/service-model.ts';
import type { HttpBinding } from '../schema/service-schema.ts';
import { decodeSegment, parseQuery } from '../text/parse-query.ts';
import type { WireRequest } from '../wire-message.ts';

export interface RestMatch {
  readonly operation: Operation;
  readonly labels: Readonly<Record<string, string>>;
  readonly query: ReadonlyMap<string, string[]>;
}

/** A request for an operation that AWS has and this server does not. */
export interface UnimplementedMatch {
  readonly notImplemented: string;
}

type Segment = { literal: string } | { label: string; greedy: boolean };

interface Route {
  operation: Operation | string;
  segments: Segment[];
  /** Query keys in the pattern (`?acl`, `?list-type=2`); an empty value accepts any. */
  literals: [name: string, value: string][];
  requiredQuery: string[];
  requiredHeaders: string[];
  /** Signing name that only requests for this operation have. */
  signedFor: string | undefined;
}

const literalCount = (route: Route): number => route.segments.filter(segment => 'literal' in segment).length;

/** The more a route asks for, the earlier it is tried: `GET /{Bucket}?acl` before `GET /{Bucket}`. */
const demands = (route: Route): number =>
  8 * (route.requiredHeaders.length + (route.signedFor === undefined ? 0 : 1)) +
  4 * route.literals.length +
  2 * route.requiredQuery.length;

function parseSegments(path: string): Segment[] {
  const parts = path.split('/').slice(1);
  if (parts.at(-1) === '') parts.pop();
  return parts.map(part => {
    if (!part.startsWith('{')) return { literal: part };
    const greedy = part.endsWith('+}');
    return { label: part.slice(1, greedy ? -2 : -1), greedy };
  });
}

// Of all the headers that models call required, only this one tells operations apart (CopyObject from PutObject). The
// others must not hide an operation from a client that forgot one: validation has a better answer.
const DISTINGUISHING_HEADERS = ['x-amz-copy-source'];
/** Operations with the URL of another one, which a service within the service has at an endpoint of its own. */
const SIGNED_FOR: Readonly<Record<string, string>> = { ListDirectoryBuckets: 's3express' };

function routeOf(operation: Operation | string, http: HttpBinding | undefined): Route | undefined {
  if (http === undefined) return undefined;
  const [path = '', query = ''] = http.uri.split('?');
  const literals = query
    .split('&')
    .filter(pair => pair !== '' && !pair.startsWith('x-id='))
    .map((pair): [string, string] => {
      const equals = pair.indexOf('=');
      return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    });
  const signedFor = SIGNED_FOR[typeof operation === 'string' ? operation : operation.name];
  const segments = parseSegments(path);
  const route: Route = { operation, segments, literals, requiredQuery: [], requiredHeaders: [], signedFor };
  if (typeof operation === 'string' || operation.input === undefined) return route;
  const required = new Set(structureOf(operation.model, operation.input).required);
  for (const [member, shape] of membersOf(operation.model, operation.input)) {
    if (!required.has(member) || shape.locationName === undefined) continue;
    const name = shape.locationName;
    if (shape.location === 'query') route.requiredQuery.push(name);
    if (shape.location === 'header' && DISTINGUISHING_HEADERS.includes(name.toLowerCase())) {
      route.requiredHeaders.push(name.toLowerCase());
    }
  }
  return route;
}

export class RestRouter {
  readonly #routes = new Map<string, Route[]>();

  constructor(model: ServiceModel) {
    for (const operation of model.operations.values()) this.#add(operation, operation.http);
    for (const [name, http] of Object.entries(model.schema.notImplementedRoutes ?? {})) this.#add(name, http);
    for (const routes of this.#routes.values()) {
      routes.sort(
        (a, b) => literalCount(b) - literalCount(a) || b.segments.length - a.segments.length || demands(b) - demands(a),
      );
    }
  }

  #add(operation: Operation | string, http: HttpBinding | undefined): void {
    const route = routeOf(operation, http);
    if (route === undefined) return;
    const { method } = http!;
    const ofMethod = this.#routes.get(method);
    if (ofMethod === undefined) this.#routes.set(method, [route]);
    else ofMethod.push(route);
  }

  /** The operation of a request; undefined when no pattern fits. */
  match(request: WireRequest): RestMatch | UnimplementedMatch | undefined {
    const path = request.hostBucket === undefined ? mended(request.path) : `/${request.hostBucket}${request.path}`;
    const query = parseQuery(request.query);
    const parts = path.split('/').slice(1);
    for (const route of this.#routes.get(request.method) ?? []) {
      if (!hasWhatIsAsked(route, query, request)) continue;
      const labels = matchPath(route.segments, parts);
      if (labels === undefined) continue;
      const { operation } = route;
      return typeof operation === 'string' ? { notImplemented: operation } : { operation, labels, query };
    }
    return undefined;
  }
}

function hasWhatIsAsked(route: Route, query: ReadonlyMap<string, string[]>, request: WireRequest): boolean {
  return (
    route.literals.every(([name, value]) => query.has(name) && (value === '' || query.get(name)![0] === value)) &&
    route.requiredQuery.every(name => query.has(name)) &&
    route.requiredHeaders.every(name => request.headers[name] !== undefined) &&
    (route.signedFor === undefined || isSignedFor(route.signedFor, request))
  );
}

/**
 * SDKs know directory buckets by host names only; at an endpoint that is an address, they write one slash too many behind
 * the name of the bucket. In AWS such paths do not exist.
 */
const mended = (path: string): string =>
  path.includes('--x-s3//') ? path.replace(/^(\/[^/]*--x-s3\/)\//, '$1') : path;

const isSignedFor = (service: string, { headers }: WireRequest): boolean =>
  headers.authorization?.includes(`/${service}/aws4_request`) === true;

function matchPath(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | undefined {
  const last = segments.at(-1);
  const greedy = last !== undefined && 'greedy' in last && last.greedy;
  const trailingSlash = parts.at(-1) === '' ? 1 : 0;
  const fits = greedy ? parts.length >= segments.length : parts.length - trailingSlash === segments.length;
  if (!fits) return undefined;
  const labels: Record<string, string> = {};
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i]!;
    if ('literal' in segment) {
      if (segment.literal !== parts[i]) return undefined;
      continue;
    }
    const text = segment.greedy ? parts.slice(i).join('/') : parts[i]!;
    if (text === '') return undefined;
    labels[segment.label] = decodeSegment(text);
  }
  return labels;
}
