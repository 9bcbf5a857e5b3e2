/** Quotas of Route 53, as AWS sets them by default (Route 53 Developer Guide, "Quotas"). */
export const QUOTAS = {
  HostedZonesPerAccount: 500,
  RecordSetsPerZone: 10_000,
  ValuesPerRecordSet: 400,
  RecordSetsPerGroup: 100,
  VpcsPerZone: 300,
  HealthChecksPerAccount: 200,
  ChildHealthChecks: 255,
  TagsPerResource: 50,
  /** Values in one batch of changes; each value of an UPSERT counts twice. */
  ValuesPerBatch: 1000,
  CharactersPerBatch: 32_000,
} as const;

/** Changes that GetChange still knows; AWS forgets them by age. */
export const CHANGES_KEPT = 10_000;
