/** The AWS command line, as a user in the given environment has it. */
import { expect } from 'vitest';
import { type Environment, runClient } from './client-process.ts';

export const aws = (as: Environment, ...args: string[]) => runClient('aws', args, as);

/** What it prints, provided it succeeds and has nothing to complain of. */
export async function printedBy(as: Environment, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await aws(as, ...args);
  expect([code, stderr], args.join(' ')).toEqual([0, '']);
  return stdout;
}

/** The JSON that it prints; undefined when it prints nothing. */
export async function answerOf<Answer = unknown>(as: Environment, ...args: string[]): Promise<Answer> {
  const stdout = await printedBy(as, ...args);
  return (stdout === '' ? undefined : JSON.parse(stdout)) as Answer;
}

/** The error that it reports. */
export async function refusalOf(as: Environment, ...args: string[]): Promise<string> {
  const { code, stderr } = await aws(as, ...args);
  expect(code, stderr).toBe(255);
  return stderr.trim();
}
