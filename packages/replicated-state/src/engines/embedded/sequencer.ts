/**
 * The sequencer of a region: all its logs over one connection a zone. It lives in the world process, beside the zones
 * rather than in one of them; what it acknowledges lies on two zones' disks.
 */
import type { Clock, Logger, Random } from '@stormglass/base';
import type { LogHealth, Seq } from '../../log.ts';
import type { FromZone, SequencerChannel } from './messages.ts';
import { SequencedLog } from './sequenced-log.ts';

export interface SequencerOptions {
  readonly zones: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Identities of the logs this region has had before. */
  readonly knownLogIds: ReadonlyMap<string, string>;
  readonly onLogId?: (log: string, logId: string) => void;
}

export interface SequencerStatus {
  readonly logId: string | undefined;
  readonly epoch: number;
  readonly last: Seq;
  readonly commit: Seq;
  readonly health: LogHealth;
  /** How far each connected zone's journal is known to reach. */
  readonly zones: Readonly<Record<string, Seq>>;
}

const PING_MS = 100;
/** Four pings without a word: the zone is dead, frozen or cut off. */
const SILENT_AFTER_MS = 400;

export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #logs = new Map<string, SequencedLog>();
  readonly #channels = new Map<string, SequencerChannel>();
  #stopPing = () => {};
  #closed = false;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#ping();
  }

  /** Takes over the connection of a zone; an older one of the same zone is closed. */
  connect(zone: string, channel: SequencerChannel): void {
    this.#channels.get(zone)?.close();
    this.#channels.set(zone, channel);
    channel.listen({
      message: message => {
        if (this.#channels.get(zone) === channel) this.#onMessage(zone, channel, message);
      },
      closed: () => {
        if (this.#channels.get(zone) !== channel) return;
        this.#channels.delete(zone);
        for (const log of this.#logs.values()) log.leave(zone);
      },
    });
  }

  status(): Record<string, SequencerStatus> {
    return Object.fromEntries([...this.#logs].map(([name, log]) => [name, { ...log.status(), health: log.health() }]));
  }

  close(): void {
    this.#closed = true;
    this.#stopPing();
    for (const channel of this.#channels.values()) channel.close();
  }

  #onMessage(zone: string, channel: SequencerChannel, message: FromZone): void {
    for (const log of this.#logs.values()) log.heard(zone);
    if (message.type === 'pong') return;
    const log = this.#log(message.log);
    if (message.type === 'position') log.join(zone, message.position, reply => channel.send(reply));
    else log.onMessage(zone, message);
  }

  #log(name: string): SequencedLog {
    const known = this.#logs.get(name);
    if (known !== undefined) return known;
    const { zones, clock, random, logger, knownLogIds, onLogId } = this.#options;
    const log = new SequencedLog({
      name,
      zones,
      knownLogId: knownLogIds.get(name),
      clock,
      random,
      logger,
      silentAfterMs: SILENT_AFTER_MS,
      onServing: logId => {
        onLogId?.(name, logId);
        this.#sayHealth();
      },
      onDeposed: () => {
        for (const channel of this.#channels.values()) channel.close();
      },
    });
    this.#logs.set(name, log);
    return log;
  }

  #ping(): void {
    if (this.#closed) return;
    for (const log of this.#logs.values()) log.tick();
    this.#sayHealth();
    this.#stopPing = this.#options.clock.after(PING_MS, () => this.#ping());
  }

  #sayHealth(): void {
    const health = Object.fromEntries([...this.#logs].map(([name, log]) => [name, log.health()]));
    for (const channel of this.#channels.values()) channel.send({ type: 'ping', health });
  }
}
