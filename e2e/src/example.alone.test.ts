import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';

const EXAMPLE = fileURLToPath(new URL('../../examples/zone-loss-test', import.meta.url));

interface Report {
  readonly startTime: number;
  readonly testResults: readonly {
    readonly endTime: number;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the example that may be changed. */
function copyOfExample(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stormglass-example-'));
  folders.push(folder);
  cpSync(EXAMPLE, folder, { recursive: true, filter: path => !path.endsWith('node_modules') });
  symlinkSync(join(EXAMPLE, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

async function runTests(folder: string): Promise<{ report: Report; output: string }> {
  const vitest = join(EXAMPLE, 'node_modules', '.bin', 'vitest');
  // A vitest inside of a vitest would take itself for a worker of the outer one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_ENV)/.test(name)));
  const file = join(folder, 'report.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  // The code says whether tests failed; the report says which, and the output why.
  const { stdout, stderr } = await promisify(execFile)(vitest, args, {
    cwd: folder,
    env: { ...env, NO_COLOR: '1' },
  }).catch((error: { stdout: string; stderr: string }) => error);
  return { report: JSON.parse(readFileSync(file, 'utf8')) as Report, output: stdout + stderr };
}

const resultsOf = ({ testResults }: Report) => testResults.flatMap(({ assertionResults }) => assertionResults);

it('passes with its retries', async () => {
  const { report } = await runTests(copyOfExample());
  expect(resultsOf(report).map(({ title, status }) => [title, status])).toEqual([
    ['remembers who joined which team', 'passed'],
    ['loses no call when a zone is lost', 'passed'],
  ]);
  console.info(`The example took ${report.testResults[0]!.endTime - report.startTime} ms.`);
});

it('fails without them, because calls were lost with their connections', async () => {
  const folder = copyOfExample();
  const settings = join(folder, 'src', 'settings.ts');
  const text = readFileSync(settings, 'utf8');
  const without = text.replace(/^ *retries: \d+,\n/m, '');
  expect(without).not.toBe(text);
  writeFileSync(settings, without);

  const { report, output } = await runTests(folder);
  const [daily, loss] = resultsOf(report);
  expect(daily).toMatchObject({ title: 'remembers who joined which team', status: 'passed' });
  expect(loss).toMatchObject({ title: 'loses no call when a zone is lost', status: 'failed' });
  expect(loss!.failureMessages[0]).toMatch(/^AssertionError: expected \[ .* \] to deeply equal \[\]/);
  const lost = [...output.matchAll(/^\+ {3}"(.*)",$/gm)].map(([, error]) => error);
  expect(lost.length).toBeGreaterThan(0);
  expect(lost.filter(error => !/socket hang up|ECONNRESET/.test(error ?? ''))).toEqual([]);
});
