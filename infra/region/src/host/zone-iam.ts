/**
 * IAM's part of a zone. At home it is the state itself, which tells other regions what changes in it; elsewhere it is a
 * mirror, which a follower keeps up to date and which nobody else can change.
 */
import type { Clock, Logger, Random } from '@stormglass/base';
import type { MirrorHealth } from '@stormglass/contracts';
import { type IamLog, IamMirror, IamState, MirrorFeed, MirrorHome } from '@stormglass/identity';
import { LogUnavailable, type Replica, type StateMachine } from '@stormglass/replicated-state';
import { homeRegionOnly } from '@stormglass/service-kit';
import { MirrorFollower, type MirrorSource } from './mirror-follower.ts';
import type { AnyReplica } from './zone.ts';

export interface ZoneIamOptions {
  readonly partition: string;
  readonly region: string;
  /** IAM is that of another region, and this is how it is reached; without it this region is home. */
  readonly mirrors?: MirrorSource | undefined;
  /** Whether this host brings news of home to the log; others of the zone only apply it. */
  readonly follows: boolean;
  /** Whether other regions may ask this zone for what is new. */
  readonly isMirrored: boolean;
  /** Which of the region's zones this is, from 0. */
  readonly ordinal: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface ZoneIam {
  readonly log: IamLog;
  readonly replica: AnyReplica;
  readonly isHome: boolean;
  /** What other regions ask; undefined where they do not. */
  readonly home: MirrorHome | undefined;
  /** Begins to follow the home region, once the replica has started. */
  follow(): void;
  readonly follower: MirrorFollower | undefined;
  health(): MirrorHealth | undefined;
  close(): Promise<void>;
}

/** Makes the zone's replica of a state. */
type Open = <Command, Result, View>(machine: StateMachine<Command, Result, View>) => Replica<Command, Result, View>;

export const openZoneIam = (options: ZoneIamOptions, open: Open): ZoneIam =>
  options.mirrors === undefined ? atHome(options, open) : mirroring(options, options.mirrors, open);

function atHome({ partition, isMirrored, clock }: ZoneIamOptions, open: Open): ZoneIam {
  const feed = isMirrored ? new MirrorFeed() : undefined;
  const machine = new IamState({ partition, feed });
  const replica = open(machine);
  return {
    log: replica,
    replica,
    isHome: true,
    home: feed && new MirrorHome({ feed, machine, replica, clock }),
    follow() {},
    follower: undefined,
    health: () => undefined,
    async close() {},
  };
}

function mirroring(options: ZoneIamOptions, source: MirrorSource, open: Open): ZoneIam {
  const { partition, region, follows, ordinal, clock, random, logger } = options;
  const machine = new IamMirror({ partition, region });
  const replica = open(machine);
  let follower: MirrorFollower | undefined;
  return {
    log: {
      get view() {
        return replica.view;
      },
      // Who is unknown to a mirror that never heard of anybody is not refused: nobody can say whether they exist.
      async upToDate(deadline) {
        if (machine.position === undefined)
          throw new LogUnavailable('unknown', `nothing came from ${source.region} yet`);
        await replica.upToDate(deadline);
      },
      execute: () => Promise.reject(homeRegionOnly(source.region)),
    },
    replica,
    isHome: false,
    home: undefined,
    follow() {
      if (follows) follower = new MirrorFollower({ source, machine, replica, ordinal, clock, random, logger });
    },
    get follower() {
      return follower;
    },
    health() {
      const { position = machine.position?.seq ?? 0, lagMs } = follower?.lag ?? {};
      return { source: source.region, lagMs: lagMs === undefined ? null : Math.round(lagMs), position };
    },
    close: async () => follower?.close(),
  };
}
