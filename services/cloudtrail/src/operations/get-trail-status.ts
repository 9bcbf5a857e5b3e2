/** Shows whether a trail delivers. None does: there is no object store, and AWS would say so in these words. */
import { operation } from '@stormglass/service-kit';
import type { CloudTrailClient, CloudTrailDeps } from '../deps.ts';
import { findTrail, onTrail } from '../trail-names.ts';

const dateOf = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms));
const textOf = (ms: number | undefined) => (ms === undefined ? '' : `${new Date(ms).toISOString().slice(0, 19)}Z`);

export const getTrailStatus = operation<CloudTrailClient, 'GetTrailStatus', CloudTrailDeps>({
  name: 'GetTrailStatus',
  state: 'strong-read',
  permission: onTrail,
  gaps: ['There is no object store yet: a trail that logs tells of the delivery error NoSuchBucket.'],
  handle({ Name }, call, deps) {
    const { isLogging, startedAt, stoppedAt } = findTrail(deps, call, Name!);
    return {
      IsLogging: isLogging,
      LatestDeliveryError: startedAt === undefined ? undefined : 'NoSuchBucket',
      StartLoggingTime: dateOf(startedAt),
      StopLoggingTime: dateOf(stoppedAt),
      LatestDeliveryAttemptTime: textOf(startedAt),
      LatestDeliveryAttemptSucceeded: '',
      LatestNotificationAttemptTime: '',
      LatestNotificationAttemptSucceeded: '',
      TimeLoggingStarted: textOf(startedAt),
      TimeLoggingStopped: textOf(stoppedAt),
    };
  },
});
