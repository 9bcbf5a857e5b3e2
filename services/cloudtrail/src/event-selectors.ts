/** Which events a trail delivers: management events, all, or those that read or write, or of some services. */
import { cloudTrailError, notOffered } from './errors.ts';
import type { EventSelector, Trail } from './state/trail.ts';

interface GivenSelectors {
  readonly EventSelectors?:
    | readonly {
        readonly ReadWriteType?: string | undefined;
        readonly IncludeManagementEvents?: boolean | undefined;
        readonly DataResources?: readonly unknown[] | undefined;
        readonly ExcludeManagementEventSources?: readonly string[] | undefined;
      }[]
    | undefined;
  readonly AdvancedEventSelectors?: readonly unknown[] | undefined;
}

const SELECTORS_MAX = 5;
/** Sources that AWS lets a trail leave out. */
const EXCLUDABLE = ['kms.amazonaws.com', 'rdsdata.amazonaws.com'];

/** @throws AwsError for selectors that say nothing, too much, or of what is not offered */
export function readSelectors({
  EventSelectors = [],
  AdvancedEventSelectors = [],
}: GivenSelectors): readonly EventSelector[] {
  const invalid = (message: string) => cloudTrailError('InvalidEventSelectorsException', message);
  if (AdvancedEventSelectors.length > 0) throw notOffered('Advanced event selectors are');
  if (EventSelectors.length === 0) throw invalid('At least one event selector must be specified.');
  if (EventSelectors.length > SELECTORS_MAX) throw invalid(`A trail has at most ${SELECTORS_MAX} event selectors.`);
  return EventSelectors.map(given => {
    if ((given.DataResources ?? []).length > 0) throw notOffered('Data events are');
    const excluded = given.ExcludeManagementEventSources ?? [];
    const strange = excluded.find(source => !EXCLUDABLE.includes(source));
    if (strange !== undefined) throw invalid(`Events of ${strange} cannot be excluded.`);
    const includeManagementEvents = given.IncludeManagementEvents ?? true;
    if (!includeManagementEvents)
      throw invalid('An event selector without data resources must include management events.');
    return {
      readWriteType: given.ReadWriteType ?? 'All',
      includeManagementEvents,
      excludeManagementEventSources: excluded,
    };
  });
}

/** Selectors as `GetEventSelectors` and `PutEventSelectors` answer them. */
export const shownSelectors = ({ arn, selectors }: Trail) => ({
  TrailARN: arn,
  EventSelectors: selectors.map(each => ({
    ReadWriteType: each.readWriteType as 'All' | 'ReadOnly' | 'WriteOnly',
    IncludeManagementEvents: each.includeManagementEvents,
    DataResources: [],
    ExcludeManagementEventSources: [...each.excludeManagementEventSources],
  })),
});
