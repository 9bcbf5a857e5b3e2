/** The log contract against three real etcd servers. */

import { silentLogger, systemClock } from '@stormglass/base';
import { logClusterOf, startEtcdCluster } from '@stormglass/engines';
import { describeLogContract } from '@stormglass/replicated-state/contract';
import { openEtcdLog } from '@stormglass/replicated-state/etcd';

const name = 'contract';

describeLogContract(
  'etcd',
  async () =>
    logClusterOf(await startEtcdCluster(), name, servers =>
      openEtcdLog({ servers, name, clock: systemClock, logger: silentLogger }),
    ),
  {
    plan: {
      rounds: 1,
      beforeMs: 1_000,
      faultMs: 4_500,
      afterMs: 3_000,
      writersPerZone: 4,
      deadlineMs: 6_000,
      quorumGraceMs: 15_000,
    },
    report: (fault, report) => console.log(`etcd, ${fault}:`, JSON.stringify(report)),
  },
);
