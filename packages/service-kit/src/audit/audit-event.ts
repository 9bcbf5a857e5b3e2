/**
 * What is written down of a call, for CloudTrail: the record as AWS shows it, made once, and what it is found by. The
 * zone gives the pipeline an `AuditSink`; where events go from there is none of the pipeline's business.
 */

/** What an event is found by, beside its id and time: the same for many calls, and then the same object. */
export interface AuditIndex {
  /** The region whose trail it belongs to: `awsRegion` of the record. */
  readonly region: string;
  /** The account it is shown to: `recipientAccountId`. */
  readonly account: string;
  readonly name: string;
  readonly source: string;
  readonly user: string;
  readonly accessKeyId: string;
  readonly readOnly: boolean;
  /** Type and name of each resource the call was about. */
  readonly resources: readonly (readonly [type: string, name: string])[];
}

export interface AuditEvent {
  readonly id: string;
  /** When the call was answered, in whole ms since the epoch. */
  readonly time: number;
  readonly index: AuditIndex;
  /** The record as `LookupEvents` gives it in `CloudTrailEvent`: JSON without a line break. */
  readonly record: string;
}

export interface AuditSink {
  /** Resolves when the event outlives this process; never rejects. Called before every answer, so it must be cheap. */
  record(event: AuditEvent): Promise<void>;
}

const texts = new WeakMap<AuditIndex, string>();

function textOf(index: AuditIndex): string {
  let text = texts.get(index);
  if (text === undefined) {
    text = JSON.stringify(index);
    texts.set(index, text);
  }
  return text;
}

/** One line of text for an event, and back: indexes and records hold no tab and no line break, being JSON. */
export const writeAuditLine = ({ id, time, index, record }: AuditEvent): string =>
  `${id} ${time} ${textOf(index)}\t${record}\n`;

const LINE = /^(\S{1,64}) (\d{1,16}) (\{[^\t]*\})\t(\{.*\})$/;

/**
 * Reads a line without its line break.
 * @throws SyntaxError when it is none of `writeAuditLine`
 */
export function readAuditLine(line: string): AuditEvent {
  const [, id, time, index, record] = LINE.exec(line) ?? [];
  if (id === undefined || index === undefined || record === undefined) throw new SyntaxError('a line is no event');
  return { id, time: Number(time), index: JSON.parse(index) as AuditIndex, record };
}
