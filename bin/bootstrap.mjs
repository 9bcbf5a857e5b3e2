// The only code that runs on the machine's own Node (20 or newer): installs what is missing, then hands over to the
// Node that the project pins. `npm start` and `npm test` come through here, on a fresh checkout as on an old one.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampPath = join(root, 'node_modules', '.install-stamp.json');
const node = join(root, 'node_modules', 'node', 'bin', 'node');
const PNPM = 'pnpm@12.21.0';
const NODE_MIN = 20;

if (Number(process.versions.node.split('.')[0]) < NODE_MIN) {
  fail(
    `Node ${NODE_MIN} or newer is needed to begin with; this is ${process.version}. The rest is installed by itself.`,
  );
}

const [task, ...args] = process.argv.slice(2);

/** What each task runs, and whether it needs the development dependencies. */
const TASKS = {
  start: {
    dev: false,
    steps: [
      [node, ['--disable-warning=ExperimentalWarning', 'packages/cli/src/main.ts', 'up', '--foreground', ...args]],
    ],
  },
  cli: { dev: false, steps: [[node, ['--disable-warning=ExperimentalWarning', 'packages/cli/src/main.ts', ...args]]] },
  test: {
    dev: true,
    steps: [
      ['biome', ['check', '.']],
      ['tsc', ['--project', '.']],
      ['vitest', ['run', '--project', 'test', '--project', 'sim', ...args]],
    ],
  },
  check: {
    dev: true,
    steps: [
      ['biome', ['check', '.']],
      ['tsc', ['--project', '.']],
    ],
  },
  vitest: { dev: true, steps: [['vitest', args]] },
  replay: { dev: true, steps: [[node, ['e2e/src/sim/replay.ts', ...args]]] },
  demo: { dev: true, steps: [[node, ['e2e/src/demos/main.ts', ...args]]] },
  chaos: { dev: true, steps: [[node, ['e2e/src/chaos/main.ts', ...args]]] },
};

/** What a step of several is about, for who watches. */
const WHAT = { biome: 'Format and lint', tsc: 'Types', vitest: 'Tests' };

const { dev, steps } = TASKS[task] ?? fail(`unknown task ${task}; known are ${Object.keys(TASKS).join(', ')}`);
install(dev);
for (const [command, commandArgs] of steps) {
  if (steps.length > 1) say(`${WHAT[command]} ...`);
  const code = await run(command, commandArgs);
  if (code !== 0) process.exit(code);
}

/** Installs when the lock file has changed since the last time, or when more is needed than was installed then. */
function install(withDev) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');
  const stamp = existsSync(stampPath) ? JSON.parse(readFileSync(stampPath, 'utf8')) : {};
  if (existsSync(node) && stamp.lock === lock && (stamp.dev || !withDev)) return;
  say(`Installing ${withDev ? 'what the tests need' : 'what a region needs'} (once) ...`);
  // What is there already stays: `npm start` takes nothing away from a developer.
  const wanted = withDev || stamp.dev === true || existsSync(join(root, 'node_modules', '.bin', 'vitest'));
  const flags = ['--frozen-lockfile', '--config.confirmModulesPurge=false', ...(wanted ? [] : ['--prod'])];
  const installed = spawnSync('npx', ['--yes', PNPM, 'install', ...flags], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: quietNpm(),
  });
  if (installed.status !== 0) {
    rmSync(stampPath, { force: true });
    fail('the installation failed; its messages stand above');
  }
  if (!existsSync(node)) fail('npm did not deliver the pinned Node binary; are install scripts disabled?');
  writeFileSync(stampPath, JSON.stringify({ lock, dev: wanted }));
}

function run(command, commandArgs) {
  return new Promise(resolve => {
    const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` };
    const child = spawn(command, commandArgs, { cwd: root, stdio: 'inherit', env });
    // Ctrl-c reaches the child by itself; this process only has to outlive it.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('error', error => fail(`cannot run ${command}: ${error.message}`));
    child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 130)));
  });
}

/** npm run puts its own settings into the environment, and npm warns about them when it is started again. */
function quietNpm() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config|package|lifecycle)_/i.test(name)),
  );
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(`stormglass: ${text}`);
  process.exit(1);
}
