/**
 * Structured logs: one JSON object a line. Every line names its host, zone and service; lines that belong to a request
 * carry `requestId` and, when the call is traced, `traceId`.
 */
import type { Clock } from './clock.ts';

export type LogFields = Readonly<Record<string, unknown>>;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line. */
  with(fields: LogFields): Logger;
}

const ORDER: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Writes JSON lines through `write` (one call a line, newline included), dropping levels below `least`. */
export function jsonLogger(
  clock: Clock,
  write: (line: string) => void,
  least: LogLevel = 'info',
  base: LogFields = {},
): Logger {
  const emit = (level: LogLevel) => (message: string, fields?: LogFields) => {
    if (ORDER[level] < ORDER[least]) return;
    write(`${JSON.stringify({ time: new Date(clock.now()).toISOString(), level, message, ...base, ...fields })}\n`);
  };
  return {
    debug: emit('debug'),
    info: emit('info'),
    warn: emit('warn'),
    error: emit('error'),
    with: fields => jsonLogger(clock, write, least, { ...base, ...fields }),
  };
}

const nothing = () => {};
/** Discards everything. */
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  with: () => silentLogger,
};
