/**
 * One server program that a test may kill, stop, pause and start again. Output goes to a file in the server's folder,
 * so that a failed run can be read afterwards.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Usage {
  /** User and system time since the process started. */
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

/** Kernel ticks a second in /proc; 100 on every Linux that Node runs on. */
const TICKS = 100;
const PAGE_BYTES = 4096;

// If this process ends without closing its clusters, the servers must not outlive it.
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class ServerProcess {
  readonly name: string;
  readonly #program: string;
  readonly #args: readonly string[];
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();

  constructor(name: string, program: string, args: readonly string[], folder: string) {
    this.name = name;
    this.#program = program;
    this.#args = args;
    this.#folder = folder;
  }

  get alive(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts the program; does nothing if it runs. */
  start(): void {
    if (this.alive) return;
    const output = openSync(this.outputFile, 'a');
    const child = spawn(this.#program, this.#args, { stdio: ['ignore', output, output], cwd: this.#folder });
    closeSync(output);
    this.#child = child;
    running.add(child);
    this.#exited = new Promise(resolve => {
      const gone = () => {
        running.delete(child);
        resolve();
      };
      child.once('exit', gone);
      child.once('error', gone);
    });
  }

  /** Ends it without warning, as a power cut would (but what the kernel has taken stays written). */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#exited;
  }

  /** Asks it to end in good order; a paused server is resumed first, else it could never answer. */
  async stop(): Promise<void> {
    this.#child?.kill('SIGCONT');
    this.#child?.kill('SIGTERM');
    await this.#exited;
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  get outputFile(): string {
    return join(this.#folder, 'output.log');
  }

  /** What the server has cost so far; zero where the system has no /proc. */
  usage(): Usage {
    if (!this.alive) return { cpuSeconds: 0, rssBytes: 0 };
    try {
      const stat = readFileSync(`/proc/${this.#child?.pid}/stat`, 'utf8');
      // The program's name, in parentheses, may hold spaces; fields are counted behind it.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return {
        cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
        rssBytes: Number(fields[21]) * PAGE_BYTES,
      };
    } catch {
      return { cpuSeconds: 0, rssBytes: 0 };
    }
  }
}
