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

export interface Trail extends TrailSettings {
  readonly accountId: string;
  readonly name: string;
  readonly arn: string;
  readonly isLogging: boolean;
  /** In ms since the epoch, by the clock of the log. */
  readonly startedAt?: number;
  readonly stoppedAt?: number;
  readonly selectors: readonly EventSelector[];
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
