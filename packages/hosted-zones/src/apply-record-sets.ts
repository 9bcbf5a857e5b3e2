/** A batch of changes to the record sets of a zone: all of it happens, or nothing, and then everything wrong is told. */
import { problemsOf, type ZoneDraft } from './check-group.ts';
import { canonicalSet, checkMembers } from './check-record-set.ts';
import type { ChangeRecordSets, RecordSetChange } from './commands.ts';
import { existingCheck, existingZone } from './find.ts';
import { QUOTAS } from './quotas.ts';
import type { HostedZone, RecordSet } from './records.ts';
import { accepted, type LogPlace, type Route53Result, refuseBatch } from './result.ts';
import { nameKey, type Route53Tables, recordSetKey } from './tables.ts';

export const applyRecordSets = { ChangeRecordSets: changeRecordSets };

/** More problems than this nobody reads. */
const PROBLEMS_MAX = 100;

function changeRecordSets(
  tables: Route53Tables,
  command: ChangeRecordSets,
  { now }: LogPlace,
): Route53Result<'ChangeRecordSets'> {
  const { accountId, changes, changeId, comment } = command;
  const zone = existingZone(tables, accountId, command.zoneId);
  checkSize(changes);
  for (const change of changes) checkMembers(change);
  for (const { set, action } of changes)
    if (set.healthCheckId !== undefined && action !== 'DELETE') existingCheck(tables, accountId, set.healthCheckId);
  const draft = new Draft(tables, zone);
  draft.change(changes);
  const problems = draft.problems();
  if (problems.length > 0) refuseBatch(problems.slice(0, PROBLEMS_MAX));
  draft.store();
  const submitted = { id: changeId, accountId, submittedAt: now, ...(comment === undefined ? {} : { comment }) };
  return accepted(tables.addChange(submitted));
}

function checkSize(changes: readonly RecordSetChange[]): void {
  let values = 0;
  let characters = 0;
  for (const { action, set } of changes) {
    const times = action === 'UPSERT' ? 2 : 1;
    values += times * Math.max(1, set.values?.length ?? 0);
    for (const value of set.values ?? []) characters += times * value.length;
  }
  if (values > QUOTAS.ValuesPerBatch) refuseBatch([`Number of records limit of ${QUOTAS.ValuesPerBatch} exceeded.`]);
  if (characters > QUOTAS.CharactersPerBatch)
    refuseBatch([`RDATA character limit of ${QUOTAS.CharactersPerBatch} exceeded.`]);
}

/** How Route 53 names a record set in what it says about creating and deleting. */
const label = ({ name, type, setIdentifier }: RecordSet): string =>
  `resource record set [name='${name}', type='${type}'${
    setIdentifier === undefined ? '' : `, set-identifier='${setIdentifier}'`
  }]`;

/** The record sets of a zone with a batch laid over them; nothing is stored before all of it is known to be right. */
class Draft implements ZoneDraft {
  readonly zone: HostedZone;
  readonly #tables: Route53Tables;
  /** What the batch makes of a record set, by its key; undefined is deleted. */
  readonly #changed = new Map<string, { readonly set: RecordSet; readonly isDeleted: boolean }>();
  /** Actions so far, by key. */
  readonly #actions = new Map<string, string>();
  readonly #problems: string[] = [];

  constructor(tables: Route53Tables, zone: HostedZone) {
    this.#tables = tables;
    this.zone = zone;
  }

  // An arrow, because it is handed on without its object.
  readonly at = (name: string): readonly RecordSet[] => {
    const prefix = nameKey(this.zone.id, name);
    const stored = [...this.#tables.recordSets.withPrefix(prefix)].map(({ set }) => set);
    const kept = stored.filter(set => !this.#changed.has(recordSetKey(this.zone.id, set)));
    const changed = [...this.#changed].filter(([key, { isDeleted }]) => !isDeleted && key.startsWith(prefix));
    return [...kept, ...changed.map(([, { set }]) => set)];
  };

  change(changes: readonly RecordSetChange[]): void {
    for (const { action, set: input } of changes) {
      const set = canonicalSet(input, this.#problems);
      if (set !== undefined) this.#changeOne(action, set);
    }
  }

  #changeOne(action: RecordSetChange['action'], set: RecordSet): void {
    const key = recordSetKey(this.zone.id, set);
    const before = this.#actions.get(key);
    // One change a record set, or its deletion and then another.
    if (before !== undefined && !(before === 'DELETE' && action !== 'DELETE')) {
      this.#problems.push(
        `The request contains an invalid set of changes for a resource record set '${set.type} ${set.name}'`,
      );
      return;
    }
    this.#actions.set(key, before === undefined ? action : `${before} ${action}`);
    const changed = this.#changed.get(key);
    const current = changed === undefined ? this.#tables.recordSets.get(key)?.set : undefined;
    if (action === 'CREATE' && current !== undefined) {
      this.#problems.push(`Tried to create ${label(set)} but it already exists`);
      return;
    }
    if (action === 'DELETE') {
      const why = current === undefined ? 'it was not found' : 'the values provided do not match the current values';
      if (current === undefined || !isSame(current, set)) {
        this.#problems.push(`Tried to delete ${label(set)} but ${why}`);
        return;
      }
    }
    this.#changed.set(key, { set, isDeleted: action === 'DELETE' });
  }

  problems(): readonly string[] {
    const found = [...this.#problems];
    for (const { set, isDeleted } of this.#changed.values()) if (!isDeleted) found.push(...problemsOf(this, set));
    const apex = this.at(this.zone.name);
    if (!apex.some(({ type }) => type === 'NS'))
      found.push('A HostedZone must contain at least one NS record for the zone itself.');
    if (!apex.some(({ type }) => type === 'SOA')) found.push('A HostedZone must contain exactly one SOA record.');
    if (this.#count() > QUOTAS.RecordSetsPerZone)
      found.push(`Number of RRSets limit of ${QUOTAS.RecordSetsPerZone} in a hosted zone exceeded.`);
    return found;
  }

  store(): void {
    const { id } = this.zone;
    const recordSetCount = this.#count();
    for (const { set, isDeleted } of this.#changed.values()) {
      if (isDeleted) this.#tables.deleteRecordSet(id, set);
      else this.#tables.putRecordSet(id, set);
    }
    this.#tables.putZone({ ...this.zone, recordSetCount });
  }

  #count(): number {
    let count = this.zone.recordSetCount;
    for (const [key, { isDeleted }] of this.#changed)
      count += Number(!isDeleted) - Number(this.#tables.recordSets.has(key));
    return count;
  }
}

const comparable = (set: RecordSet): string =>
  JSON.stringify({ ...set, ...(set.values === undefined ? {} : { values: set.values.toSorted() }) });

const isSame = (a: RecordSet, b: RecordSet): boolean => comparable(a) === comparable(b);
