import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCommandLine } from '@stormglass/cli';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const FOLDER = '.github/actions/stormglass';

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

const text = readFileSync(join(root, FOLDER, 'action.yml'), 'utf8');
const action = parse(text) as {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
};
const { steps } = action.runs;

const found = (from: string, pattern: RegExp): string[] => [...from.matchAll(pattern)].map(match => match[1] ?? '');
const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** Calls of the `stormglass` command in a script, as words. */
const callsIn = (script: string): string[][] =>
  found(script, /(?:\bbootstrap\.mjs" cli|^\s*stormglass) ([^|\n]*)/gm).map(call =>
    call
      .trim()
      .split(/\s+/)
      .map(word => word.replace(/^"\$TIMEOUT"$/, '60')),
  );

const help = readFileSync(join(root, 'packages/cli/src/commands/help.ts'), 'utf8');

function expectCommands(scripts: readonly string[], commands: readonly string[]): void {
  const calls = scripts.flatMap(callsIn);
  expect(unique(calls.map(call => readCommandLine(call, {}).command))).toEqual(commands);
  for (const command of commands) expect(help).toMatch(new RegExp(`^ .*\\b${command}\\b`, 'm'));
}

describe('the action', () => {
  it('is a composite of steps that name their shell', () => {
    expect(action.runs.using).toBe('composite');
    expect(steps.map(({ name, shell, run }) => [typeof name, shell, typeof run])).toEqual(
      steps.map(() => ['string', 'bash', 'string']),
    );
  });

  it('uses every input, and none that is not declared', () => {
    expect(unique(found(text, /\$\{\{ inputs\.([\w-]+) \}\}/g))).toEqual(unique(Object.keys(action.inputs)));
    for (const input of Object.values(action.inputs)) expect(typeof input.default).toBe('string');
  });

  it('lets no input into a script but through the environment', () => {
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
  });

  it('has its outputs from steps that write them', () => {
    for (const { value } of Object.values(action.outputs)) {
      const [, id, output] = /^\$\{\{ steps\.(\w+)\.outputs\.(\w+) \}\}$/.exec(value) ?? [];
      expect(steps.find(step => step.id === id)?.run).toMatch(new RegExp(`\\b${output}=.*GITHUB_OUTPUT`));
    }
  });

  it('runs files that are there, and commands that exist', () => {
    const files = found(text, /\$GITHUB_ACTION_PATH\/([^"]+)"/g);
    expect(files).toHaveLength(2);
    expect(files.filter(file => !existsSync(join(root, FOLDER, file)))).toEqual([]);
    expectCommands(
      steps.map(({ run = '' }) => run),
      ['env', 'up', 'wait'],
    );
  });
});

describe('the workflow of the example', () => {
  const readme = readFileSync(join(root, 'examples/zone-loss-test/README.md'), 'utf8');
  const [block = ''] = found(readme, /^```yaml\n([\s\S]*?)^```$/gm);
  const { jobs } = parse(block) as { readonly jobs: { readonly test: { readonly steps: readonly Step[] } } };

  it('uses the action, with inputs that it has', () => {
    const uses = jobs.test.steps.filter(step => step.uses?.includes(`/${FOLDER}@`));
    expect(uses).toHaveLength(1);
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(uses[0]?.with ?? {})));
  });

  it('runs commands that exist', () =>
    expectCommands(
      jobs.test.steps.map(({ run = '' }) => run),
      ['disable-zones', 'enable-zones'],
    ));
});
