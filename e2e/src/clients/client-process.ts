/** Other people's programs against the region, with the environment that `stormglass env` prints and nothing else. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CommandResult, RegionUnderTest } from '../region-under-test.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 60_000;

export type Environment = Readonly<Record<string, string>>;

/** What a user has after `eval "$(stormglass env)"` in a fresh shell. */
export async function environmentOf(region: RegionUnderTest): Promise<Environment> {
  const { stdout } = await region.command('env');
  const shell = await runClient('sh', ['-c', `${stdout}\nenv -0`], bare());
  return Object.fromEntries(
    shell.stdout
      .split('\0')
      .filter(line => line !== '')
      .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** No profile, no configuration, no instance metadata, and a session token that must not survive. */
const bare = (): Environment => ({
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
  AWS_SESSION_TOKEN: 'left over',
  AWS_PROFILE: 'left over',
  PYTHONDONTWRITEBYTECODE: '1',
});

/** Runs a program to its end; never rejects. One that hangs is ended, and has code 124. */
export async function runClient(command: string, args: readonly string[], env: Environment): Promise<CommandResult> {
  try {
    const { stdout, stderr } = await run(command, args, { env, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, killed, stdout, stderr } = error as Partial<Omit<CommandResult, 'code'>> & {
      code?: number | string;
      killed?: boolean;
    };
    return {
      code: killed ? 124 : typeof code === 'number' ? code : 127,
      stdout: stdout ?? '',
      stderr: stderr ?? String(error),
    };
  }
}

export interface TemporaryCredentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
}

export const withCredentials = (env: Environment, credentials: TemporaryCredentials): Environment => ({
  ...env,
  AWS_ACCESS_KEY_ID: credentials.AccessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.SecretAccessKey,
  AWS_SESSION_TOKEN: credentials.SessionToken,
});
