/** What the log `cloudtrail` says: events that were recorded, and what is done to trails. */
import type { AuditIndex } from '@stormglass/service-kit';
import type { EventSelector, Tag, TrailSettings } from './trail.ts';

/** Events of one process that were written down together, and their records in one compressed piece. */
export interface RecordEvents {
  readonly type: 'RecordEvents';
  /** What they are found by; many have the same. */
  readonly indexes: readonly AuditIndex[];
  readonly events: readonly (readonly [id: string, time: number, index: number])[];
  /** The records in the same order, a line each: zstd, then base64. */
  readonly records: string;
}

interface OfTrail {
  readonly accountId: string;
  readonly name: string;
}

export type TrailCommand =
  | ({ readonly type: 'CreateTrail'; readonly arn: string; readonly tags: readonly Tag[] } & OfTrail & {
        readonly settings: TrailSettings;
      })
  | ({ readonly type: 'UpdateTrail'; readonly settings: Partial<TrailSettings> } & OfTrail)
  | ({ readonly type: 'DeleteTrail' } & OfTrail)
  | ({ readonly type: 'StartLogging' } & OfTrail)
  | ({ readonly type: 'StopLogging' } & OfTrail)
  | ({ readonly type: 'PutEventSelectors'; readonly selectors: readonly EventSelector[] } & OfTrail)
  | ({ readonly type: 'AddTags'; readonly tags: readonly Tag[] } & OfTrail)
  | ({ readonly type: 'RemoveTags'; readonly keys: readonly string[] } & OfTrail);

export type CloudTrailCommand = RecordEvents | TrailCommand;
