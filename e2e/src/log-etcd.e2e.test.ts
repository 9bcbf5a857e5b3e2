/** The log contract against three real etcd servers. */

import { silentLogger, systemClock } from '@stormglass/base';
import { logClusterOf, startEtcdCluster } from '@stormglass/engines';
import { describeLogContract } from '@stormglass/replicated-state/contract';
import { openEtcdLog } from '@stormglass/replicated-state/etcd';
import { keep } from './chaos/history-file.ts';
import { chaosRounds } from './chaos/rounds.ts';

const name = 'contract';

describeLogContract(
  'etcd',
  async () =>
    logClusterOf(await startEtcdCluster(), name, servers =>
      openEtcdLog({ servers, name, clock: systemClock, logger: silentLogger }),
    ),
  {
    plan: {
      rounds: chaosRounds(2),
      beforeMs: 500,
      faultMs: 3_000,
      afterMs: 1_500,
      writersPerZone: 4,
      deadlineMs: 10_000,
      quorumGraceMs: 15_000,
    },
    report: (fault, report) => keep('log-chaos', { engine: 'etcd', fault, report }),
  },
);
