/**
 * The power of one zone: starts its host process, takes it away as a power cut or a freeze would, and starts it again
 * when it dies by itself. Knows nothing of what the host does.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Clock, Logger } from '@stormglass/base';
import type { FromHost, ToHost, ZoneHostConfig } from '@stormglass/contracts';
import { PROCESS_FAULTS, type ProcessFault } from '@stormglass/faults';
import { FILE_THREADS, HEAP_OPTIONS } from '../node-options.ts';
import { CpuLimit } from './cpu-limit.ts';

const HOST_MAIN = fileURLToPath(new URL('../host/main.ts', import.meta.url));
const RESTART_FIRST_MS = 200;
const RESTART_MAX_MS = 5000;
/** A host that ran this long is taken for healthy, and its next death is met with a quick restart again. */
const SETTLED_MS = 20_000;
const STOP_TIMEOUT_MS = 5000;

type Condition =
  | { readonly kind: 'off' }
  | { readonly kind: 'starting' | 'running'; readonly child: ChildProcess; readonly since: number }
  | {
      readonly kind: 'frozen';
      readonly child: ChildProcess;
      readonly since: number;
      readonly was: 'starting' | 'running';
    }
  | { readonly kind: 'stopping'; readonly child: ChildProcess }
  | { readonly kind: 'restarting'; readonly cancel: () => void };

export interface ZoneProcessOptions {
  /** Everything a host is told when it is powered on; each power-on gets its own. */
  readonly config: () => ZoneHostConfig;
  readonly zone: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onMessage: (message: FromHost) => void;
  /** The process came, or is gone: with it go its connections. */
  readonly onChange: (pid: number | undefined) => void;
}

export class ZoneProcess {
  readonly #options: ZoneProcessOptions;
  readonly #cpu: CpuLimit;
  #condition: Condition = { kind: 'off' };
  #restartMs = RESTART_FIRST_MS;
  #restarts = 0;
  #startError: string | undefined;

  constructor(options: ZoneProcessOptions) {
    this.#options = options;
    // A process that somebody froze, or that is to end, is left as it is.
    this.#cpu = new CpuLimit(options.clock, name => {
      const { kind } = this.#condition;
      if (kind === 'starting' || kind === 'running') this.#condition.child.kill(name);
    });
  }

  get zone(): string {
    return this.#options.zone;
  }
  get restarts(): number {
    return this.#restarts;
  }
  /** Why the host could not start when it last tried; undefined when it could. */
  get startError(): string | undefined {
    return this.#startError;
  }
  get pid(): number | undefined {
    return 'child' in this.#condition ? this.#condition.child.pid : undefined;
  }
  get condition(): 'off' | 'starting' | 'running' | 'frozen' | 'stopping' {
    return this.#condition.kind === 'restarting' ? 'starting' : this.#condition.kind;
  }

  powerOn(): void {
    if (this.#condition.kind !== 'off') return;
    this.#start();
  }

  /** The power goes: nothing in the zone gets another instruction. */
  powerOff(): void {
    const condition = this.#condition;
    if (condition.kind === 'restarting') condition.cancel();
    this.#condition = { kind: 'off' };
    this.#restartMs = RESTART_FIRST_MS;
    if ('child' in condition) this.#signal(condition.child, 'power-off');
  }

  /** Everything in the zone stops where it is, connections open. */
  freeze(): void {
    const condition = this.#condition;
    if (condition.kind !== 'running' && condition.kind !== 'starting') return;
    this.#condition = { kind: 'frozen', child: condition.child, since: condition.since, was: condition.kind };
    this.#signal(condition.child, 'freeze');
  }

  thaw(): void {
    if (this.#condition.kind !== 'frozen') return;
    const { child, since, was } = this.#condition;
    this.#condition = { kind: was, child, since };
    child.kill('SIGCONT');
  }

  /** `share` of one core, from 0 to 1; undefined: as much as there is. It outlives the process. */
  limitCpu(share: number | undefined): void {
    this.#cpu.set(share);
  }

  /** An orderly end: the host finishes what it is doing, within limits. */
  async stop(): Promise<void> {
    this.#cpu.set(undefined);
    const condition = this.#condition;
    if (condition.kind === 'restarting') condition.cancel();
    this.#condition = { kind: 'off' };
    if (!('child' in condition)) return;
    const { child } = condition;
    if (child.exitCode !== null || child.signalCode !== null) return;
    this.#condition = { kind: 'stopping', child };
    const gone = new Promise<void>(resolve => child.once('exit', () => resolve()));
    if (condition.kind === 'frozen') child.kill('SIGCONT');
    child.kill('SIGTERM');
    const cancel = this.#options.clock.after(STOP_TIMEOUT_MS, () => this.#signal(child, 'power-off'));
    await gone;
    cancel();
  }

  /** Sends a message; false when there is nobody to take it. A socket stays open on this side as well. */
  send(message: ToHost, socket?: Socket): boolean {
    const condition = this.#condition;
    if (!('child' in condition) || condition.kind === 'stopping') return false;
    // A frozen zone gets its messages when it thaws; a connection cannot wait so long.
    if (condition.kind === 'frozen' && socket !== undefined) return false;
    const { child } = condition;
    if (!child.connected) return false;
    child.send(message, socket, { keepOpen: true }, () => {});
    return true;
  }

  #start(): void {
    const { config, clock, onMessage, onChange, logger } = this.#options;
    const child = fork(HOST_MAIN, [], {
      execArgv: ['--disable-warning=ExperimentalWarning', ...HEAP_OPTIONS],
      env: { ...FILE_THREADS, ...process.env, STORMGLASS_ZONE: JSON.stringify(config()) },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#condition = { kind: 'starting', child, since: clock.monotonic() };
    onChange(child.pid);
    child.on('message', message => {
      const from = message as FromHost;
      if (from.type === 'ready' && this.#condition.kind === 'starting' && this.#condition.child === child) {
        this.#condition = { kind: 'running', child, since: this.#condition.since };
        this.#startError = undefined;
      } else if (from.type === 'failed') {
        this.#startError = from.error;
        logger.error('zone: its host cannot start', { zone: this.zone, error: from.error });
      }
      onMessage(from);
    });
    child.on('error', error => logger.error('zone: host process', { zone: this.zone, error: error.message }));
    child.on('exit', (code, signal) => this.#onExit(child, code, signal));
  }

  #onExit(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    const condition = this.#condition;
    this.#options.onChange(undefined);
    if (!('child' in condition) || condition.child !== child) return;
    this.#condition = { kind: 'off' };
    if (condition.kind === 'stopping') return;
    this.#options.logger.warn('zone: its host died and is started again', { zone: this.zone, code, signal });
    const ranMs = this.#options.clock.monotonic() - condition.since;
    if (ranMs > SETTLED_MS) this.#restartMs = RESTART_FIRST_MS;
    const cancel = this.#options.clock.after(this.#restartMs, () => {
      this.#restarts++;
      this.#start();
    });
    this.#restartMs = Math.min(this.#restartMs * 2, RESTART_MAX_MS);
    this.#condition = { kind: 'restarting', cancel };
  }

  #signal(child: ChildProcess, fault: ProcessFault): void {
    child.kill(PROCESS_FAULTS[fault].signal);
  }
}
