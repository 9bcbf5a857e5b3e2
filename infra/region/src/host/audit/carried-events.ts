/**
 * Events on their way from one process to another that puts them into the log: from a container of the zone, or from a
 * zone of another region. What arrives is checked: it ends in everybody's state.
 */
import { type AuditEvent, type AuditIndex, readAuditLine, writeAuditLine } from '@stormglass/service-kit';

/** What a call that brings events says: a line each. */
export interface CarriedEvents {
  readonly lines: string;
}

export const carry = (events: readonly AuditEvent[]): CarriedEvents => ({ lines: events.map(writeAuditLine).join('') });

/** The body is not that of `carry`, or its events belong elsewhere. */
export class MalformedEvents extends Error {
  override readonly name = 'MalformedEvents';
}

/** What a process delivers at once, and as much again. */
const EVENTS_MAX = 4096;

/**
 * The events of a call.
 * @throws MalformedEvents
 */
export function readCarried(body: unknown, regions: readonly string[]): readonly AuditEvent[] {
  const { lines } = (body ?? {}) as Partial<Record<string, unknown>>;
  if (typeof lines !== 'string') throw new MalformedEvents('there are no lines');
  const texts = lines.split('\n').slice(0, -1);
  if (texts.length > EVENTS_MAX) throw new MalformedEvents(`more than ${EVENTS_MAX} events come at once`);
  return texts.map((line, place) => {
    const event = readEvent(line, place);
    if (!isIndex(event.index)) throw new MalformedEvents(`event ${place} has no proper index`);
    if (!regions.includes(event.index.region))
      throw new MalformedEvents(`event ${place} belongs to ${event.index.region}`);
    return event;
  });
}

function readEvent(line: string, place: number): AuditEvent {
  try {
    return readAuditLine(line);
  } catch (cause) {
    throw new MalformedEvents(`event ${place} cannot be read`, { cause });
  }
}

const TEXT_MAX = 2048;
const RESOURCES_MAX = 16;
const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= TEXT_MAX;

function isIndex(index: Partial<Record<keyof AuditIndex, unknown>> | null): boolean {
  if (typeof index !== 'object' || index === null) return false;
  const { region, account, name, source, user, accessKeyId, readOnly, resources } = index;
  const texts = [region, account, name, source, user, accessKeyId];
  const isPair = (value: unknown) => Array.isArray(value) && value.length === 2 && value.every(isText);
  if (!texts.every(isText) || typeof readOnly !== 'boolean') return false;
  return Array.isArray(resources) && resources.length <= RESOURCES_MAX && resources.every(isPair);
}
