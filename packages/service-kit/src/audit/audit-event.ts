/**
 * What is written down of a call, for CloudTrail: the record as AWS shows it, made once, and what it is found by. The
 * zone gives the pipeline an `AuditSink`; where events go from there is none of the pipeline's business.
 */

/** What an event is found by. */
export interface AuditIndex {
  readonly id: string;
  /** The region whose trail it belongs to: `awsRegion` of the record. */
  readonly region: string;
  /** The account it is shown to: `recipientAccountId`. */
  readonly account: string;
  /** When the call was answered, in ms since the epoch. */
  readonly time: number;
  readonly name: string;
  readonly source: string;
  readonly user: string;
  readonly accessKeyId: string;
  readonly readOnly: boolean;
  /** Type and name of each resource the call was about. */
  readonly resources: readonly (readonly [type: string, name: string])[];
}

export interface AuditEvent {
  readonly index: AuditIndex;
  /** The record as `LookupEvents` gives it in `CloudTrailEvent`: JSON without a line break. */
  readonly record: string;
}

export interface AuditSink {
  /** Resolves when the event outlives this process; never rejects. Called before every answer, so it must be cheap. */
  record(event: AuditEvent): Promise<void>;
}

/** One line of text for an event, and back: indexes and records hold no tab and no line break, being JSON. */
export const writeAuditLine = ({ index, record }: AuditEvent): string => `${JSON.stringify(index)}\t${record}\n`;

/**
 * Reads a line without its line break.
 * @throws SyntaxError when it is none of `writeAuditLine`
 */
export function readAuditLine(line: string): AuditEvent {
  const tab = line.indexOf('\t');
  if (tab < 0) throw new SyntaxError('a line without a tab is no event');
  const record = line.slice(tab + 1);
  if (!record.startsWith('{') || !record.endsWith('}')) throw new SyntaxError('the record of an event is no object');
  return { index: JSON.parse(line.slice(0, tab)) as AuditIndex, record };
}
