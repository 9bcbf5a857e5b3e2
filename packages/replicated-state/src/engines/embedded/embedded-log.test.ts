import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pick, seededRandom, silentLogger, systemClock, systemRandom } from '@stormglass/base';
import { SimNetwork } from '@stormglass/testing';
import { describeLogContract, type LogCluster } from '../../contract/log-contract.ts';
import type { ReplicatedLog } from '../../log.ts';
import { openJournal } from './journal-files.ts';
import type { FromZone, SequencerChannel, ToZone } from './messages.ts';
import { Sequencer } from './sequencer.ts';
import { ZoneLink } from './zone-link.ts';

const zones = ['az1', 'az2', 'az3'];

/** Real journals in real files, a real sequencer; only the sockets are virtual, so that links can be cut. */
async function openEmbeddedCluster(): Promise<LogCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'stormglass-journal-'));
  const network = new SimNetwork(systemClock);
  const random = seededRandom(6);
  const knownLogIds = new Map<string, string>();
  const startSequencer = () =>
    new Sequencer({
      zones,
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
      knownLogIds,
      onLogId: (log, id) => knownLogIds.set(log, id),
    });
  let sequencer: Sequencer | undefined = startSequencer();
  const links: ZoneLink[] = [];
  const logs = new Map<string, ReplicatedLog>();
  const fullDisks = new Set<string>();
  for (const zone of zones) {
    const link = new ZoneLink({
      clock: systemClock,
      logger: silentLogger,
      connect: async () => {
        if (sequencer === undefined) throw new Error('no sequencer');
        const [near, far] = network.connect<FromZone, ToZone>(zone, 'log');
        sequencer.connect(zone, far as SequencerChannel);
        return near;
      },
    });
    links.push(link);
    const beforeWrite = () => {
      if (fullDisks.has(zone)) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
    };
    logs.set(zone, link.open('list', await openJournal(join(folder, zone), silentLogger, beforeWrite)));
  }
  const freeze = async (zone: string) => {
    network.cut(zone, 'log', true);
    return async () => network.cut(zone, 'log', false);
  };
  const fill = (...full: readonly string[]) => {
    for (const zone of full) fullDisks.add(zone);
    return async () => fullDisks.clear();
  };
  return {
    zones,
    // A zone has one log of a name; its users share it, and it outlives them.
    open: async zone => {
      const log = logs.get(zone)!;
      return {
        propose: (payload, signal) => log.propose(payload, signal),
        subscribe: (from, sink, signal) => log.subscribe(from, sink, signal),
        readIndex: signal => log.readIndex!(signal),
        bounds: signal => log.bounds(signal),
        trim: through => log.trim(through),
        health: () => log.health(),
        close: async () => {},
      };
    },
    faults: {
      'sequencer killed': async () => {
        sequencer!.close();
        sequencer = undefined;
        return async () => void (sequencer = startSequencer());
      },
      'zone cut off': () => freeze(pick(random, zones)),
      'two zones cut off': async () => {
        const heals = await Promise.all([freeze('az1'), freeze('az3')]);
        return async () => void (await Promise.all(heals.map(heal => heal())));
      },
      'disk full': async () => fill(pick(random, zones)),
      'two disks full': async () => fill('az1', 'az2'),
    },
    close: async () => {
      for (const link of links) link.close();
      sequencer?.close();
      await Promise.all([...logs.values()].map(log => log.close()));
      await rm(folder, { recursive: true });
    },
  };
}

describeLogContract('embedded', openEmbeddedCluster, {
  plan: {
    rounds: 20,
    beforeMs: 20,
    faultMs: 100,
    afterMs: 60,
    writersPerZone: 4,
    deadlineMs: 10_000,
    quorumGraceMs: 8000,
  },
  report: (fault, report) => process.env.STORMGLASS_REPORT && console.log(fault, report),
});
