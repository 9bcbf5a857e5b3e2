/** The log contract against three real etcd servers. */

import { logClusterOf, startEtcdCluster } from '../../infra/engines/src/index.ts';
import { silentLogger, systemClock } from '../../packages/base/src/index.ts';
import { describeLogContract } from '../../packages/replicated-state/src/contract/log-contract.ts';
import { openEtcdLog } from '../../packages/replicated-state/src/engines/etcd/index.ts';

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
