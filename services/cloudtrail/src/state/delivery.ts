/**
 * How far a trail has delivered, as the log knows it. The end of a file is chosen in the log before anybody writes it, and
 * stays until it is reported: so whoever delivers a range, and however often, makes the same file of it.
 */
import type { ApplyContext } from '@stormglass/replicated-state';
import type { ClaimDelivery, ReportDelivery } from './commands.ts';
import type { Delivery } from './trail.ts';

/** So long a zone may take to deliver a file before another one may do it, in ms. */
export const LEASE_MS = 30_000;

/** From now on events are delivered; those that came before a stop still are. */
export function started(delivery: Delivery | undefined, { seq, now }: ApplyContext): Delivery {
  if (delivery === undefined) return { after: seq, begunAt: now };
  const { until = seq, ...rest } = delivery;
  return { ...rest, gap: [until, seq] };
}

export const stopped = (delivery: Delivery | undefined, { seq }: ApplyContext): { readonly delivery?: Delivery } =>
  delivery === undefined ? {} : { delivery: { ...delivery, until: seq } };

/** Whoever has the file afterwards is named in it. */
export function claim(delivery: Delivery, { after, to, by }: ClaimDelivery, now: number): Delivery {
  const { pending, begunAt } = delivery;
  if (after !== delivery.after || to <= after) return delivery;
  const isTaken = pending !== undefined && pending.by !== '' && pending.by !== by && now < begunAt + LEASE_MS;
  if (isTaken) return delivery;
  return { ...delivery, begunAt: now, pending: { ...(pending ?? { to, at: now }), by } };
}

export function report(delivery: Delivery, { to, error }: ReportDelivery, now: number): Delivery {
  const { pending, error: _last, ...rest } = delivery;
  if (pending?.to !== to) return delivery;
  if (error !== undefined) return { ...rest, pending: { ...pending, by: '' }, attemptedAt: now, error };
  return { ...rest, after: to, attemptedAt: now, deliveredAt: now };
}
