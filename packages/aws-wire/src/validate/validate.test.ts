import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { AwsError } from '../aws-error.ts';
import { readInput, resolve } from '../protocols/dispatch.ts';
import { loadService } from '../schema/service-model.ts';
import type { ServiceSchema } from '../schema/service-schema.ts';
import type { WireRequest } from '../wire-message.ts';
import { compilePattern } from './constraint-checks.ts';
import { findProblems, validate } from './validate.ts';

const load = (id: string) =>
  loadService(JSON.parse(readFileSync(new URL(`../../../../services/${id}/schema.json`, import.meta.url), 'utf8')));
const iam = load('iam');

const request = (body: string): WireRequest => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: Buffer.from(`Version=2010-05-08&${body}`),
});

/** Code and message of the validation error of an IAM request. */
function answer(body: string, model = iam): string {
  const call = resolve(model, request(body));
  const input = readInput(call, request(body));
  try {
    validate(call, input);
  } catch (error) {
    if (error instanceof AwsError) return `${error.code} ${error.status}: ${error.message}`;
    throw error;
  }
  return 'valid';
}

it('says what is missing', () => {
  expect(answer('Action=CreateUser')).toBe(
    "ValidationError 400: 1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null",
  );
});

it('counts several errors and names the pattern', () => {
  expect(answer('Action=CreateUser&UserName=x+y&Path=')).toBe(
    'ValidationError 400: 3 validation errors detected: ' +
      "Value 'x y' at 'userName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+; " +
      "Value '' at 'path' failed to satisfy constraint: " +
      'Member must satisfy regular expression pattern: (\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F); ' +
      "Value '' at 'path' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
});

it('says in the words of the service that a pattern is not kept, when nothing else is wrong', () => {
  const own = loadService(iam.schema, { '[\\w+=,.@-]+': member => `The specified value for ${member} is invalid.` });
  expect(answer('Action=CreateUser&UserName=x+y', own)).toBe(
    'ValidationError 400: The specified value for userName is invalid.',
  );
  expect(answer('Action=CreateUser&UserName=x+y&Path=', own)).toContain(
    "2 validation errors detected: Value '' at 'path'",
  );
  expect(answer(`Action=CreateUser&UserName=${'+'.repeat(65)}`, own)).toContain('1 validation error detected');
  expect(answer('Action=CreateUser&UserName=xy', own)).toBe('valid');
});

it('checks lengths, ranges and enumerations', () => {
  expect(answer(`Action=GetRole&RoleName=${'r'.repeat(65)}`)).toContain(
    'Member must have length less than or equal to 64',
  );
  expect(answer('Action=ListRoles&MaxItems=0')).toContain(
    "Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1",
  );
  expect(answer('Action=UpdateAccessKey&AccessKeyId=AKIAIOSFODNN7EXAMPLE&Status=On')).toContain(
    "Value 'On' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive",
  );
});

it('finds errors inside lists', () => {
  expect(answer('Action=TagUser&UserName=u&Tags.member.1.Key=a&Tags.member.1.Value=b&Tags.member.2.Key=k')).toContain(
    "Value null at 'tags.2.member.value' failed to satisfy constraint: Member must not be null",
  );
  expect(answer('Action=UntagUser&UserName=u&TagKeys.member.1=a&TagKeys.member.2=%21')).toContain(
    "Value '[a, !]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: " +
      '[Member must have length less than or equal to 128, Member must have length greater than or equal to 1, ' +
      'Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+]',
  );
});

it('accepts what is valid, in other alphabets too', () => {
  expect(answer('Action=TagUser&UserName=u&Tags.member.1.Key=%E6%97%A5%E6%9C%AC&Tags.member.1.Value=')).toBe('valid');
});

it('does not repeat secrets', () => {
  const schema: ServiceSchema = {
    ...iam.schema,
    structures: { Input: { members: { Password: { type: 'string', sensitive: true } } } },
    constraints: { Input: { Password: { min: 8 } } },
  };
  expect(findProblems(loadService(schema), 'Input', { Password: 'secret' })).toEqual([
    "Value at 'password' failed to satisfy constraint: Member must have length greater than or equal to 8",
  ]);
});

it('understands every pattern of the committed schemas, and none takes long', () => {
  const patterns = new Set(
    ['iam', 'sts']
      .flatMap(id => [...JSON.stringify(load(id).schema.constraints).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)])
      .map(match => JSON.parse(match[1]!) as string),
  );
  expect(patterns.size).toBeGreaterThan(5);
  for (const pattern of patterns) {
    const compiled = compilePattern(pattern);
    expect(compiled, pattern).toBeDefined();
    for (const text of [
      '/'.repeat(20_000),
      'a'.repeat(20_000),
      `${'a/'.repeat(10_000)}\0`,
      'arn:aws:iam::'.repeat(1500),
    ]) {
      // Backtracking would outlast the test.
      expect(typeof compiled?.test(text), pattern).toBe('boolean');
    }
  }
});
