/** Shows whether a trail delivers, and what became of it. */
import { operation } from '@stormglass/service-kit';
import type { CloudTrailClient, CloudTrailDeps } from '../deps.ts';
import type { Delivery } from '../state/trail.ts';
import { findTrail, onTrail } from '../trail-names.ts';

const dateOf = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms));
const textOf = (ms: number | undefined) => (ms === undefined ? '' : `${new Date(ms).toISOString().slice(0, 19)}Z`);

/** Without an object store it is as if it had no such bucket. */
const errorOf = ({ error }: Delivery, { deliver }: CloudTrailDeps) => (deliver === undefined ? 'NoSuchBucket' : error);

export const getTrailStatus = operation<CloudTrailClient, 'GetTrailStatus', CloudTrailDeps>({
  name: 'GetTrailStatus',
  state: 'strong-read',
  permission: onTrail,
  handle({ Name }, call, deps) {
    const { isLogging, startedAt, stoppedAt, delivery } = findTrail(deps, call, Name!);
    return {
      IsLogging: isLogging,
      LatestDeliveryError: delivery && errorOf(delivery, deps),
      LatestDeliveryTime: dateOf(delivery?.deliveredAt),
      StartLoggingTime: dateOf(startedAt),
      StopLoggingTime: dateOf(stoppedAt),
      LatestDeliveryAttemptTime: textOf(delivery?.attemptedAt),
      LatestDeliveryAttemptSucceeded: textOf(delivery?.deliveredAt),
      LatestNotificationAttemptTime: '',
      LatestNotificationAttemptSucceeded: '',
      TimeLoggingStarted: textOf(startedAt),
      TimeLoggingStopped: textOf(stoppedAt),
    };
  },
});
