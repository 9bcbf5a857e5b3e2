/** Cases of the policy language as tests: what it is about, the question, and the decision with its reason. */
import { expect, it } from 'vitest';
import { answer, type Question } from './question.ts';

export const rows = (...cases: readonly (readonly [what: string, question: Question, expected: string])[]) =>
  it.each(cases)('%s', (_what, question, expected) => expect(answer(question)).toBe(expected));
