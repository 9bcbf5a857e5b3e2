/** Brings events to the trail of another region: any of its zones takes them. */
import { INTERNAL } from '@stormglass/contracts';
import type { AuditEvent } from '@stormglass/service-kit';
import type { InternalAnswer } from '../internal-call.ts';
import type { RegionCalls } from '../region-calls.ts';
import { carry } from './carried-events.ts';

/** Longer than a log takes to confirm or to give up. */
export const CARRY_TIMEOUT_MS = 8000;

/** @throws Error when they have to be brought again */
export const forwardEvents =
  (calls: RegionCalls) =>
  async (region: string, events: readonly AuditEvent[]): Promise<void> => {
    const call = {
      method: 'POST',
      path: INTERNAL.auditEvents,
      body: carry(events),
      timeoutMs: CARRY_TIMEOUT_MS,
    } as const;
    assertTaken(await calls.call(region, call));
  };

/** @throws Error when events were not taken */
export function assertTaken({ status, text }: InternalAnswer): void {
  if (status !== 200) throw new Error(`events were not taken: ${status} ${text.slice(0, 200)}`);
}
