import { describe, expect, it } from 'vitest';
import { AwsError } from '../aws-error.ts';
import { readInput, resolve, writeError, writeOutput } from '../protocols/dispatch.ts';
import { loadService } from '../schema/service-model.ts';
import type { Shape } from '../schema/service-schema.ts';
import type { WireRequest } from '../wire-message.ts';
import { RawJson } from './raw-json.ts';

const value: Shape = { type: 'document' };
const item: Shape = { type: 'map', key: { type: 'string' }, value };
const members: Record<string, Shape> = {
  Name: { type: 'string' },
  Item: item,
  Items: { type: 'list', member: item },
  Tables: { type: 'map', key: { type: 'string' }, value: { type: 'list', member: item } },
};
const model = loadService({
  ...{ format: 1, id: 'example', signingName: 'example', protocols: ['awsJson1_0'], apiVersion: '2026-01-01' },
  ...{ namespace: 'com.example', targetPrefix: 'Example', notImplemented: [], constraints: {} },
  operations: { Get: { input: 'Thing', output: 'Thing' } },
  errors: { Failed: { code: 'Failed', status: 400, fault: 'client', shape: 'Failed' } },
  structures: { Thing: { members }, Failed: { members: { Item: item } } },
});

const request = (body: string): WireRequest => {
  const headers = { 'x-amz-target': 'Example.Get' };
  return { method: 'POST', path: '/', query: '', headers, body: Buffer.from(body) };
};
const written = (output: object): unknown => writeOutput(resolve(model, request('{}')), output, 'r', {}).body;

describe('raw shapes', () => {
  it('are read as JSON has them', () => {
    const text = '{"Item":{"a":{"B":"AAE="},"__proto__":{"S":""},"b":{"L":[{"NULL":true}]}},"Items":[{"c":{"N":"1"}}]}';
    const input = readInput(resolve(model, request(text)), request(text));
    expect(JSON.stringify(input)).toBe(text);
    const withNull = request('{"Item":{"a":null,"b":{"S":"x"}}}');
    expect(readInput(resolve(model, withNull), withNull)).toEqual({ Item: { b: { S: 'x' } } });
  });

  it('are written as texts, whatever is in them and around them', () => {
    const one = '{"a": {"S":"$& \\"\\/0\\" $1"}}';
    const two = '{"b":{"N":"1"}}';
    const Name = '"\\/0" "\\/1"';
    const [first, second] = [new RawJson(one), new RawJson(two)];
    const output = {
      Name,
      Item: first,
      Items: [second, { c: { S: 'x' } }, first],
      Tables: { 9: [second], 10: [first] },
    };
    expect(written(output)).toBe(
      `{"Name":${JSON.stringify(Name)},"Item":${one},"Items":[${two},{"c":{"S":"x"}},${one}],"Tables":{"9":[${two}],"10":[${one}]}}`,
    );
    expect(written({ Items: new RawJson(`[${one}]`) })).toBe(`{"Items":[${one}]}`);
    expect(written({ Item: { a: first } })).toBe(`{"Item":{"a":${one}}}`);
    expect(written({ Name })).toBe(JSON.stringify({ Name }));
  });

  it('are written into errors', () => {
    const error = new AwsError('Failed', 400, 'no', { Item: new RawJson('{"a":{"S":"x"}}') });
    expect(writeError(model, error, request('{}'), 'r').body).toBe(
      '{"__type":"com.example#Failed","Item":{"a":{"S":"x"}},"message":"no"}',
    );
  });
});
