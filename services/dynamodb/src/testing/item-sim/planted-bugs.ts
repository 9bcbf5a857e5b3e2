/** Bugs that can be planted in a simulation, to see that its checkers find them. */
import type { Clock } from '@stormglass/base';
import type { ItemCommand, ItemResult, ItemStore, ItemStoreView } from '@stormglass/item-store';
import type { CellReplica } from '../../data/cells.ts';

export const PLANTED_BUGS = {
  'reads-without-barrier': 'strong reads that do not ask the log',
  'reads-ignore-locks': 'reads of several items that do not see what is prepared',
  'writes-ignore-locks': 'writes of items that a transaction has prepared',
  'finishes-undecided': 'abandoned transactions that are taken back without asking for a decision',
  'answers-before-the-end': 'transactions that are acknowledged before their parts are finished',
  'retries-with-new-ids': 'retries that are not recognised as such',
} as const;

export type PlantedBug = 'none' | keyof typeof PLANTED_BUGS;

/** `target` with some of its members replaced. Its own methods go on seeing the originals. */
const replacing = <Target extends object>(target: Target, own: Partial<Target>): Target =>
  new Proxy(target, {
    get(_, name) {
      const value = name in own ? own[name as keyof Target] : (Reflect.get(target, name, target) as unknown);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

const LATE_MS = 20;

export function tamperedReplica(replica: CellReplica, clock: Clock, bug: PlantedBug): CellReplica {
  if (bug === 'reads-without-barrier') return replacing(replica, { upToDate: async () => {} });
  if (bug === 'reads-ignore-locks') {
    const { view } = replica;
    const get: ItemStoreView['get'] = (partition, key) => ({ ...view.get(partition, key), isLocked: false });
    return replacing(replica, { view: replacing(view, { get }) });
  }
  const execute: CellReplica['execute'] = async (command, options) => {
    if (bug === 'finishes-undecided' && command.type === 'DecideTransaction' && !command.commit)
      return { ok: true, value: { commit: false, isRepeated: false } };
    const run = () => replica.execute(command, options);
    if (bug !== 'answers-before-the-end' || command.type !== 'FinishTransaction' || !command.commit) return run();
    clock.after(LATE_MS, () => void run().catch(() => {}));
    return { ok: true, value: 0 };
  };
  return replacing(replica, { execute });
}

export function tamperedMachine(machine: ItemStore, bug: PlantedBug): ItemStore {
  if (bug !== 'writes-ignore-locks') return machine;
  const turnKeys = machine.stored.statement('UPDATE prepared SET partition = -partition');
  const apply: ItemStore['apply'] = (context, command: ItemCommand): ItemResult => {
    if (command.type !== 'WriteItems') return machine.apply(context, command);
    turnKeys.run();
    try {
      return machine.apply(context, command);
    } finally {
      turnKeys.run();
    }
  };
  return replacing(machine, { apply });
}
