import { expect, it } from 'vitest';
import { statementPositions } from './statement-positions.ts';

const span = (startLine: number, startColumn: number, endLine: number, endColumn: number) => ({
  StartPosition: { Line: startLine, Column: startColumn },
  EndPosition: { Line: endLine, Column: endColumn },
});

it('finds a statement of a list behind the bracket, as IAM does for AdministratorAccess', () => {
  const text = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "*",
      "Resource": "*"
    }
  ]
}`;
  expect(statementPositions(text)).toEqual([span(3, 17, 8, 6)]);
});

it('finds each of several statements behind the one before', () => {
  const text = '{"Version":"2012-10-17","Statement":[{"Condition":{"Bool":{"a:b":["true"]}}}, {"Sid":"}"}]}';
  expect(statementPositions(text)).toEqual([span(1, 38, 1, 77), span(1, 77, 1, 90)]);
});

it('finds a statement that stands alone at its bracket', () => {
  const text = '{ "Id": "Statement",\n  "Statement": {\n    "Effect": "Allow"\n  }, "Version": "2012-10-17" }';
  expect(statementPositions(text)).toEqual([span(2, 16, 4, 4)]);
});

it('takes the last of two members of one name, however they are written', () => {
  const text = String.raw`{"Statement":{"Sid":"a"},"\u0053tatement":[{"Sid":"b"}]}`;
  expect(statementPositions(text)).toEqual([span(1, 44, 1, 55)]);
});
