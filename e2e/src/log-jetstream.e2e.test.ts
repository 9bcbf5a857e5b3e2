/** The log contract against three real NATS servers: the oldest version the engine accepts. */

import { silentLogger, systemClock } from '@stormglass/base';
import { logClusterOf, startNatsCluster } from '@stormglass/engines';
import { describeLogContract } from '@stormglass/replicated-state/contract';
import { openJetStreamLog } from '@stormglass/replicated-state/jetstream';
import { keep } from './chaos/history-file.ts';
import { chaosRounds } from './chaos/rounds.ts';

const name = 'contract';

describeLogContract(
  'jetstream',
  async () =>
    logClusterOf(await startNatsCluster(), name, servers =>
      openJetStreamLog({ servers, name, clock: systemClock, logger: silentLogger }),
    ),
  {
    // An election takes 4 to 9 s and cannot be tuned; a returning follower may force another one. Requests wait for both.
    plan: {
      rounds: chaosRounds(1),
      beforeMs: 500,
      faultMs: 9_500,
      afterMs: 3_000,
      writersPerZone: 4,
      deadlineMs: 25_000,
      quorumGraceMs: 30_000,
    },
    report: (fault, report) => keep('log-chaos', { engine: 'jetstream', fault, report }),
  },
);
