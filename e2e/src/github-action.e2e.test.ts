import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';

const ACTION = fileURLToPath(new URL('../../.github/actions/stormglass', import.meta.url));

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly run: string; readonly env?: Readonly<Record<string, string>> }[];
  };
}

/** What a runner does with the steps of a composite action: each has what the ones before it have exported. */
class Runner {
  readonly folder = mkdtempSync(join(tmpdir(), 'stormglass-runner-'));
  readonly #own = { RUNNER_TEMP: this.folder, GITHUB_ACTION_PATH: ACTION };

  constructor() {
    for (const name of FILES) writeFileSync(join(this.folder, name), '');
  }

  async runAction(inputs: Readonly<Record<string, string>>): Promise<void> {
    const action = parse(readFileSync(join(ACTION, 'action.yml'), 'utf8')) as Action;
    const inputNamed = (name: string) => inputs[name] ?? action.inputs[name]?.default ?? '';
    for (const { run, env = {} } of action.runs.steps) {
      const filled = Object.entries(env).map(([name, value]) => [
        name,
        value.replace(/\$\{\{ inputs\.(\w+) \}\}/g, (_, input: string) => inputNamed(input)),
      ]);
      await this.bash(run, Object.fromEntries(filled));
    }
  }

  /** With the options that GitHub gives its `bash`. */
  async bash(script: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
    const files = Object.fromEntries(FILES.map(name => [name, join(this.folder, name)]));
    const args = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script];
    const path = [...this.read('GITHUB_PATH'), process.env.PATH].join(':');
    const all = { ...process.env, ...this.exported(), ...this.#own, ...files, PATH: path, ...env };
    return (await promisify(execFile)('bash', args, { env: all })).stdout;
  }

  exported = (): Record<string, string> =>
    Object.fromEntries(this.read('GITHUB_ENV').map(line => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]));

  read = (name: (typeof FILES)[number]): string[] =>
    readFileSync(join(this.folder, name), 'utf8')
      .split('\n')
      .filter(line => line !== '');
}

const FILES = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_PATH'] as const;

let runner: Runner;
beforeAll(async () => {
  runner = new Runner();
  await runner.runAction({ port: '0', region: 'eu-west-1' });
});
afterAll(async () => {
  await runner.bash('stormglass down');
  rmSync(runner.folder, { recursive: true, force: true });
});

it('gives following steps a region that serves', async () => {
  const env = runner.exported();
  expect(env).toMatchObject({ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1' });
  expect(runner.read('GITHUB_OUTPUT')).toEqual([`endpoint=${env.AWS_ENDPOINT_URL}`]);
  expect(readFileSync(env.AWS_CA_BUNDLE!, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID!, secretAccessKey: env.AWS_SECRET_ACCESS_KEY! };
  const sts = new STSClient({ endpoint: env.AWS_ENDPOINT_URL!, region: env.AWS_REGION!, credentials });
  expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('000000000000');
});

it('gives them the command', async () => {
  await runner.bash('stormglass disable-zones euw1-az2');
  expect(JSON.parse(await runner.bash('stormglass status --json'))).toMatchObject({
    zones: [{ outages: [] }, { outages: ['power-off'] }, { outages: [] }],
  });
});
