import { describe, expect, it } from 'vitest';
import { AwsError, MalformedInput } from '../aws-error.ts';
import { readInput, resolve, writeError } from '../protocols/dispatch.ts';
import { loadService } from '../schema/service-model.ts';
import type { ProtocolName, ServiceSchema } from '../schema/service-schema.ts';
import { escapeXml } from '../text/escape-xml.ts';
import { parseJson } from '../text/parse-json.ts';
import { parseXml } from '../text/parse-xml.ts';
import type { WireRequest } from '../wire-message.ts';
import { parseForm } from './form.ts';

const schema = (id: string, ...protocols: [ProtocolName, ...ProtocolName[]]): ServiceSchema => ({
  format: 1,
  id,
  signingName: id,
  protocols,
  apiVersion: '2026-01-01',
  namespace: 'com.example',
  xmlNamespace: 'http://example/',
  targetPrefix: 'Example',
  operations: { Put: { input: 'Input', output: 'Input', http: { method: 'PUT', uri: '/things/{Name}', status: 200 } } },
  notImplemented: ['Forget'],
  errors: {},
  structures: {
    Input: {
      members: {
        Name: { type: 'string', location: 'label' },
        Count: { type: 'number' },
        Flag: { type: 'boolean' },
        Data: { type: 'blob' },
        When: { type: 'timestamp' },
        Tags: { type: 'map', key: { type: 'string' }, value: { type: 'string' } },
        Items: { type: 'list', member: { type: 'string' } },
        Inner: { type: 'structure', name: 'Input' },
      },
    },
  },
  constraints: {},
});

const form = (body: string): WireRequest => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: Buffer.from(body, 'latin1'),
});
const json = (body: string, target = 'Example.Put'): WireRequest => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: { 'x-amz-target': target },
  body: Buffer.from(body, 'latin1'),
});
const put = (body: string): WireRequest => ({
  method: 'PUT',
  path: '/things/a',
  query: '',
  headers: {},
  body: Buffer.from(body),
});

const query = loadService(schema('example', 'query'));
const awsJson = loadService(schema('example', 'awsJson1_1'));
const restXml = loadService(schema('example', 'restXml'));
const restJson = loadService(schema('example', 'restJson'));

/** The input that a request means, or the code of its error. */
function read(model: typeof query, request: WireRequest): unknown {
  try {
    return readInput(resolve(model, request), request);
  } catch (error) {
    if (error instanceof AwsError) return `${error.code} ${error.status}`;
    throw error;
  }
}

const START = 'Action=Put&Version=2026-01-01&';

describe('forms', () => {
  it('reads lists in the order of their numbers', () => {
    expect(read(query, form(`${START}Items.member.10=b&Items.member.9=a`))).toEqual({ Items: ['a', 'b'] });
    expect(read(query, form(`${START}Items=`))).toEqual({ Items: [] });
  });

  it('keeps __proto__ an ordinary key', () => {
    const input = read(query, form(`${START}Tags.entry.1.key=__proto__&Tags.entry.1.value=x`)) as { Tags: object };
    expect(Object.keys(input.Tags)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(input.Tags)).toBe(Object.prototype);
  });

  it.each([
    ['Count=x', 'MalformedInput 400'],
    ['Count=1e999', 'MalformedInput 400'],
    ['Flag=yes', 'MalformedInput 400'],
    ['Data=%21', 'MalformedInput 400'],
    ['When=yesterday', 'MalformedInput 400'],
    ['Items=a', 'MalformedInput 400'],
    ['Items.member.x=a', 'MalformedInput 400'],
    ['Items.member.1.x=a', 'MalformedInput 400'],
    ['Inner=a', 'MalformedInput 400'],
    ['Count=1&Count=2', 'MalformedQueryString 404'],
    ['Name=%zz', 'MalformedQueryString 404'],
    ['Name=%ff', 'MalformedQueryString 404'],
    ['Name=\xff', 'MalformedQueryString 404'],
    [`${'a.'.repeat(100)}b=1`, 'MalformedQueryString 404'],
    ['&'.repeat(3) + 'a=1&'.repeat(60_000), 'MalformedQueryString 404'],
  ])('refuses %.40s', (text, answer) => {
    expect(read(query, form(START + text))).toBe(answer);
  });

  it('tells unknown operations from unimplemented ones', () => {
    expect(read(query, form('Action=Forget&Version=2026-01-01'))).toBe('NotImplemented 501');
    expect(read(query, form('Action=Fly&Version=2026-01-01'))).toBe('InvalidAction 400');
    expect(read(query, form('Action=Put'))).toBe('InvalidAction 400');
    expect(read(query, form('Version=2026-01-01'))).toBe('MissingAction 400');
    expect(read(awsJson, json('{}', 'Example.Forget'))).toBe('NotImplemented 501');
    expect(read(awsJson, json('{}', 'Example.Fly'))).toBe('UnknownOperationException 400');
    expect(read(awsJson, json('{}', 'Other.Put'))).toBe('UnknownOperationException 400');
    expect(read(restJson, { ...put(''), path: '/else' })).toBe('UnknownOperationException 404');
  });

  it('takes many parameters, for which more than linear time would outlast the test', () => {
    const text = Array.from({ length: 40_000 }, (_, i) => `Items.member.${i + 1}=x`).join('&');
    expect(() => parseForm(text)).not.toThrow();
  });
});

describe('JSON', () => {
  it('treats null as absent and ignores unknown members', () => {
    expect(read(awsJson, json('{"Count":null,"Unknown":{"a":1},"__proto__":{"x":1}}'))).toEqual({});
    expect(read(awsJson, json('{"Tags":{"__proto__":"x"}}'))).toEqual({ Tags: JSON.parse('{"__proto__":"x"}') });
  });

  it.each([
    ['{"Count":"1"}'],
    ['{"Count":1e999}'],
    ['{"Flag":"true"}'],
    ['{"Items":{}}'],
    ['{"Items":[null]}'],
    ['{"Items":[1]}'],
    ['{"Tags":[]}'],
    ['{"Inner":[]}'],
    ['{"Data":1}'],
    ['[]'],
    ['null'],
    ['{'],
    ['\xff'],
    ['{"Inner":'.repeat(1000)],
    [`${'['.repeat(100_000)}`],
  ])('refuses %.30s', text => {
    expect(read(awsJson, json(text))).toBe('SerializationException 400');
  });

  it('does not let the body set what the path names', () => {
    expect(read(restJson, put('{"Name":"b","Count":1}'))).toEqual({ Name: 'a', Count: 1 });
  });

  it('bounds the depth without being fooled by strings', () => {
    expect(parseJson(Buffer.from(JSON.stringify('['.repeat(10_000))))).toHaveLength(10_000);
    expect(() => parseJson(Buffer.from(`${'['.repeat(300)}${']'.repeat(300)}`))).toThrow(MalformedInput);
  });
});

describe('XML', () => {
  it('reads elements, character references and CDATA', () => {
    const text =
      '<?xml version="1.0"?><!-- c --><p:Input xmlns:p="u"><Count>5</Count><Tags/><Items><member>a&lt;&#x62;</member><member><![CDATA[<c>]]></member></Items></p:Input>';
    expect(read(restXml, put(text))).toEqual({ Name: 'a', Count: 5, Tags: {}, Items: ['a<b', '<c>'] });
  });

  it.each([
    ['<Input>'],
    ['<Input></Other>'],
    ['<Input/><Input/>'],
    ['text'],
    ['<Input>&unknown;</Input>'],
    ['<Input>&#0;</Input>'],
    ['<Input a="1" a="2"/>'],
    ['<!DOCTYPE x [<!ENTITY e "e">]><Input>&e;</Input>'],
    ['<Input><Count><b/></Count></Input>'],
    ['<Input><Count>1</Count><Count>2</Count></Input>'],
    ['<a>'.repeat(10_000)],
    ['<Input '.repeat(10_000)],
  ])('refuses %.40s', text => {
    expect(read(restXml, put(text))).toBe('MalformedInput 400');
  });

  it('takes long texts, for which more than linear time would outlast the test', () => {
    expect(() => parseXml(`<a>${'<b c="d">e &amp; f</b>'.repeat(100_000)}</a>`)).not.toThrow();
    expect(() => parseXml(`<a ${' '.repeat(2_000_000)}`)).toThrow(MalformedInput);
  });

  it('escapes what would end an element, and leaves out what XML cannot hold', () => {
    expect(escapeXml('a<b>&"\'\r\n\0\u0001')).toBe('a&lt;b&gt;&amp;&quot;&apos;&#xD;&#xA;');
  });
});

describe('several protocols', () => {
  const model = loadService(schema('example', 'awsJson1_0', 'query'));

  it('are chosen by the request', () => {
    expect(read(model, form(`${START}Count=1`))).toEqual({ Count: 1 });
    expect(read(model, json('{"Count":1}'))).toEqual({ Count: 1 });
    const error = new AwsError('Oops', 400, 'no');
    expect(String(writeError(model, error, form(''), 'r').body)).toMatch(/^<ErrorResponse/);
    expect(writeError(model, error, json(''), 'r').headers['content-type']).toBe('application/x-amz-json-1.0');
  });

  it('are guessed where no service was found', () => {
    const error = new AwsError('AccessDenied', 403, 'no');
    const start = (request: WireRequest) => String(writeError(undefined, error, request, 'r').body).slice(0, 90);
    expect(start(form('Action=X'))).toMatch(/^<ErrorResponse><Error><Type>Sender/);
    expect(start(json('{}'))).toMatch(/^{"__type":"AccessDenied"/);
    expect(start(put(''))).toMatch(/^<ErrorResponse><Error><Type>Sender/);
    const signedFor = (service: string): WireRequest => {
      const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host`;
      return { ...put(''), headers: { authorization } };
    };
    expect(start(signedFor('s3'))).toMatch(/<Error><Code>AccessDenied/);
    expect(writeError(undefined, error, { ...signedFor('s3'), method: 'HEAD' }, 'r').body).toBeUndefined();
    expect(start(signedFor('lambda'))).toMatch(/^{"__type":"AccessDenied"/);
    expect(start(signedFor('route53'))).toMatch(/^<ErrorResponse><Error>/);
    const presigned = 'X-Amz-Credential=test%2F20260101%2Fus-east-1%2Flambda%2Faws4_request';
    expect(start({ ...put(''), query: presigned })).toMatch(/^{"__type":"AccessDenied"/);
  });
});
