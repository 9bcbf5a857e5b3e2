/** Trails as the state keeps them. */

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface EventSelector {
  readonly readWriteType: string;
  readonly includeManagementEvents: boolean;
  readonly excludeManagementEventSources: readonly string[];
}

/** What whoever makes a trail chooses. */
export interface TrailSettings {
  readonly s3BucketName: string;
  readonly s3KeyPrefix?: string;
  readonly includeGlobalServiceEvents: boolean;
  readonly isMultiRegionTrail: boolean;
  readonly logFileValidationEnabled: boolean;
}

/** Positions are those of entries of the log: events of one entry are delivered together. */
export interface Delivery {
  /** What came up to here is delivered, or never will be. */
  readonly after: number;
  /** The next file, from the moment its end was chosen until it is in the bucket. */
  readonly pending?: PendingFile;
  /** When somebody last began to deliver; at first, when the trail began to log. In ms since the epoch, as all below. */
  readonly begunAt: number;
  readonly attemptedAt?: number;
  readonly deliveredAt?: number;
  /** What S3 said to the last attempt, if it was no success. */
  readonly error?: string;
  /** Nothing that came after it is delivered: the trail stopped there. */
  readonly until?: number;
  /** While the trail did not log, between a stop and a start. */
  readonly gap?: readonly [after: number, upTo: number];
}

export interface PendingFile {
  readonly to: number;
  /** When its end was chosen; its name says so. */
  readonly at: number;
  /** The zone that delivers it; empty after an attempt that failed. */
  readonly by: string;
}

export interface Trail extends TrailSettings {
  readonly accountId: string;
  readonly name: string;
  readonly arn: string;
  readonly isLogging: boolean;
  /** In ms since the epoch, by the clock of the log. */
  readonly startedAt?: number;
  readonly stoppedAt?: number;
  readonly selectors: readonly EventSelector[];
  /** How far it has delivered; absent until it logs for the first time. */
  readonly delivery?: Delivery;
  readonly tags: readonly Tag[];
}

/** What a trail records unless something else was said. */
export const ALL_MANAGEMENT_EVENTS: EventSelector = {
  readWriteType: 'All',
  includeManagementEvents: true,
  excludeManagementEventSources: [],
};

/** "Quotas in AWS CloudTrail". */
export const QUOTAS = { trailsPerAccount: 5, tagsPerTrail: 50 } as const;
