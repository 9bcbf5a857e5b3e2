/** The log contract against three real NATS servers: the oldest version the engine accepts. */

import { silentLogger, systemClock } from '@stormglass/base';
import { logClusterOf, startNatsCluster } from '@stormglass/engines';
import { describeLogContract } from '@stormglass/replicated-state/contract';
import { openJetStreamLog } from '@stormglass/replicated-state/jetstream';

const name = 'contract';

describeLogContract(
  'jetstream',
  async () =>
    logClusterOf(await startNatsCluster(), name, servers =>
      openJetStreamLog({ servers, name, clock: systemClock, logger: silentLogger }),
    ),
  {
    // An election takes 4 to 9 s and cannot be tuned; a returning follower may force another one.
    plan: {
      rounds: 1,
      beforeMs: 2_000,
      faultMs: 12_000,
      afterMs: 8_000,
      writersPerZone: 4,
      deadlineMs: 10_000,
      quorumGraceMs: 15_000,
    },
    report: (fault, report) => console.log(`jetstream, ${fault}:`, JSON.stringify(report)),
  },
);
