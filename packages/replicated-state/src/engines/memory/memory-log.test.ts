import { pick, seededRandom, systemClock } from '@stormglass/base';
import { describeLogContract, type LogCluster } from '../../contract/log-contract.ts';
import { MemoryLog, type ProposalMishap } from './memory-log.ts';

async function openMemoryCluster(): Promise<LogCluster> {
  const log = new MemoryLog(systemClock);
  const random = seededRandom(11);
  const cutOff = new Set<string>();
  const zones = ['a', 'b', 'c'];
  const mishaps: ProposalMishap[] = ['none', 'ack-lost', 'stored-twice', 'refused'];
  return {
    zones,
    open: async zone => log.open(() => cutOff.has(zone)),
    faults: {
      'acknowledgements lost, proposals doubled': async () => {
        log.mishap = () => pick(random, mishaps);
        return async () => {
          log.mishap = () => 'none';
        };
      },
      'leader frozen': async () => {
        log.stalled = true;
        return async () => {
          log.stalled = false;
        };
      },
      'zone cut off': async () => {
        const zone = pick(random, zones);
        cutOff.add(zone);
        return async () => void cutOff.delete(zone);
      },
    },
    close: async () => {},
  };
}

describeLogContract('memory', openMemoryCluster, {
  plan: {
    rounds: 20,
    beforeMs: 10,
    faultMs: 60,
    afterMs: 20,
    writersPerZone: 4,
    deadlineMs: 10_000,
    quorumGraceMs: 8000,
  },
});
