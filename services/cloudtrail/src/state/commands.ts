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

/** A zone is about to deliver what came after `after`, up to `to` unless that was chosen before. */
export interface ClaimDelivery extends OfTrail {
  readonly type: 'ClaimDelivery';
  readonly after: number;
  readonly to: number;
  readonly by: string;
}

/** What became of it; without an error the file is in the bucket. */
export interface ReportDelivery extends OfTrail {
  readonly type: 'ReportDelivery';
  readonly to: number;
  readonly error?: string;
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
  | ClaimDelivery
  | ReportDelivery
  | ({ readonly type: 'RemoveTags'; readonly keys: readonly string[] } & OfTrail);

export type CloudTrailCommand = RecordEvents | TrailCommand;
