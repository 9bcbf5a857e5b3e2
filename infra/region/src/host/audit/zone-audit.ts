/**
 * The audit of a zone: events of regional services belong to the trail of this region, those of global services and of
 * the global endpoint of STS to the trail of the home region. Each goes its own way, so that a home region that cannot be
 * reached does not hold up the trail of this one.
 */
import type { Clock, Logger } from '@stormglass/base';
import type { AuditEvent, AuditSink } from '@stormglass/service-kit';
import { AuditSpool } from './audit-spool.ts';
import type { SpoolStore } from './spool-store.ts';

export interface ZoneAuditOptions {
  readonly region: string;
  readonly homeRegion: string;
  /** Where the events for the trail of a region are kept until they are there. */
  readonly store: (region: string) => SpoolStore;
  /** Takes events to the trail of a region; rejects where they have to be brought again. */
  readonly deliver: (region: string, events: readonly AuditEvent[]) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface ZoneAudit extends AuditSink {
  /** Events that are not delivered yet. */
  readonly waiting: number;
  close(): Promise<void>;
}

export function startZoneAudit(options: ZoneAuditOptions): ZoneAudit {
  const { region, homeRegion, store, deliver, clock, logger } = options;
  const spools = new Map(
    [...new Set([region, homeRegion])].map(to => {
      const spool = new AuditSpool({
        ...{ store: store(to), deliver: events => deliver(to, events) },
        ...{ clock, logger: logger.with({ trail: to }) },
      });
      return [to, spool] as const;
    }),
  );
  return {
    get waiting() {
      return [...spools.values()].reduce((sum, { waiting }) => sum + waiting, 0);
    },
    record: event => spools.get(event.index.region)!.record(event),
    close: async () => {
      await Promise.all([...spools.values()].map(spool => spool.close()));
    },
  };
}
