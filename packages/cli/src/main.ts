/** The `stormglass` command. */
import { useCompileCache } from '@stormglass/base/compile-cache';

useCompileCache();
const { WorldError } = await import('@stormglass/contracts');
const { readCommandLine, UsageError } = await import('./settings.ts');
const { say } = await import('./output.ts');
type Command = (line: import('./settings.ts').CommandLine) => Promise<number>;

/** Each command loads only what it needs: `stormglass env` is typed far more often than `up`. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import('./commands/up.ts')).up,
  down: async () => (await import('./commands/lifecycle.ts')).down,
  wait: async () => (await import('./commands/lifecycle.ts')).wait,
  reset: async () => (await import('./commands/lifecycle.ts')).reset,
  status: async () => (await import('./commands/inspect.ts')).status,
  zones: async () => (await import('./commands/inspect.ts')).zones,
  doctor: async () => (await import('./commands/inspect.ts')).doctor,
  scrub: async () => (await import('./commands/scrub.ts')).scrub,
  top: async () => (await import('./commands/top.ts')).top,
  env: async () => (await import('./commands/env.ts')).env,
  logs: async () => (await import('./commands/logs.ts')).logs,
  'disable-zones': async () => (await import('./commands/break.ts')).disableZones,
  'enable-zones': async () => (await import('./commands/break.ts')).enableZones,
  ca: async () => (await import('./commands/certificates.ts')).ca,
  fault: async () => (await import('./commands/break.ts')).fault,
  'global-sts': async () => (await import('./commands/global-sts.ts')).globalSts,
  help: async () => async () => {
    process.stdout.write(`${(await import('./commands/help.ts')).HELP}\n`);
    return 0;
  },
};

async function run(): Promise<number> {
  let json = process.argv.includes('--json');
  try {
    const line = readCommandLine(process.argv.slice(2), process.env);
    json = line.json;
    const load = COMMANDS[line.command];
    if (load === undefined) throw new UsageError(`there is no command ${line.command}; see \`stormglass help\``);
    return await (await load())(line);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof WorldError)) throw error;
    const hint = error instanceof WorldError && error.notRunning ? '; start it with `stormglass up`' : '';
    if (json) process.stdout.write(`${JSON.stringify({ error: error.message })}\n`);
    else say(`stormglass: ${error.message}${hint}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

process.exit(await run());
