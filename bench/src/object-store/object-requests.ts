/** Requests of S3 as bytes, signed in advance with the hash of their body, as SDKs do over plain HTTP. */
import { createHash, randomBytes } from 'node:crypto';
import { signRequest } from '@stormglass/testing';
import { BUCKET, type ObjectPlan } from './object-plan.ts';

export interface PreparedRequest {
  readonly head: Buffer;
  readonly body: Buffer;
}

const NOTHING = Buffer.alloc(0);

/** One for each key, in the order in which they are sent. */
export function prepare(plan: ObjectPlan): PreparedRequest[] {
  if (plan.kind === 'list') {
    return [request(plan, 'GET', `/${BUCKET}`, NOTHING, `list-type=2&max-keys=1000&prefix=${plan.prefix}`)];
  }
  const isPut = plan.kind === 'put' || plan.kind === 'fill';
  const body = isPut ? randomBytes(plan.size) : NOTHING;
  const payload = createHash('sha256').update(body).digest('hex');
  return Array.from({ length: plan.keys }, (_, i) => {
    const path = `/${BUCKET}/${plan.prefix}${String(i).padStart(6, '0')}`;
    return request(plan, isPut ? 'PUT' : 'GET', path, body, '', payload);
  });
}

function request(
  { signer, port }: ObjectPlan,
  method: string,
  path: string,
  body: Buffer,
  query = '',
  payload?: string,
): PreparedRequest {
  const unsigned = { method, path, query, ...(payload === undefined ? {} : { payload }) };
  const { headers } = signRequest(signer, unsigned, { nowMs: Date.now(), host: `127.0.0.1:${port}` });
  const lines = Object.entries({ ...headers, 'content-length': String(body.length) })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const target = query === '' ? path : `${path}?${query}`;
  return { head: Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines}\r\n`), body };
}
