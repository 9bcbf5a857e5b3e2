/**
 * IAM in a region that is not home to it: the same tables and the same view for everybody who reads, but its log takes
 * only what followers bring from the home region. Followers of all zones bring the same; each thing counts once.
 *
 * I1  The rows are home's as of `position`: all of them, or those that the region is to hold (`mirror-scope.ts`).
 * I2  Entries count only if they begin where the mirror stands, so that none counts twice and none is left out.
 * I3  Where accounts opt in, an account's rows come at once, by an installation, and go at once, when it opts out; a
 *     reader never sees some of them.
 */
import { isDefaultRegion } from '@stormglass/base';
import type { ApplyContext, Seq, StateMachine } from '@stormglass/replicated-state';
import type { InstallPart, MirrorCommand, MirrorEntries, MirrorPosition, MirrorResult } from './mirror-commands.ts';
import { accountOf, isWanted, lineOf } from './mirror-scope.ts';
import { Staging, type StagingRecord } from './mirror-staging.ts';
import type { RegionOptIn } from './records.ts';
import { IamTables, type RowChange, type SnapshotRecord } from './tables.ts';
import { IamView } from './view.ts';

/** One line of a mirror's snapshot. */
export type MirrorRecord =
  | SnapshotRecord
  | StagingRecord
  | { readonly table: 'position'; readonly record: MirrorPosition }
  | { readonly table: 'held'; readonly record: { readonly accountId: string; readonly since: Seq } };

export interface MirrorOptions {
  readonly partition: string;
  /** The region that mirrors. */
  readonly region: string;
}

export class IamMirror implements StateMachine<MirrorCommand, MirrorResult, IamView> {
  readonly name = 'iam-mirror';
  readonly format = 1;
  readonly view: IamView;
  readonly #region: string;
  /** Whether the region holds only accounts that opted in to it. */
  readonly #isOptIn: boolean;
  readonly #tables: IamTables;
  readonly #staging = new Staging();
  /** Accounts that opted in and are here, and the home position their rows were first taken at. */
  readonly #held = new Map<string, Seq>();
  #position: MirrorPosition | undefined;

  constructor({ partition, region }: MirrorOptions) {
    this.#region = region;
    this.#isOptIn = !isDefaultRegion(region);
    this.#tables = new IamTables(partition);
    this.view = new IamView(this.#tables, accountId => !this.#isOptIn || this.#held.has(accountId));
  }

  /** Undefined until the first installation. */
  get position(): MirrorPosition | undefined {
    return this.#position;
  }

  /** Accounts that opted in and are not here yet. */
  missing(): readonly string[] {
    return this.#optIns()
      .filter(row => isWanted(row) && !this.#held.has(row.accountId))
      .map(({ accountId }) => accountId);
  }

  /** Changes of accounts that have come true here, and that home has not heard of yet. */
  done(): readonly RegionOptIn[] {
    return this.#optIns().filter(({ status, accountId }) =>
      status === 'ENABLING' ? this.#held.has(accountId) : status === 'DISABLING',
    );
  }

  apply({ now }: ApplyContext, command: MirrorCommand): MirrorResult {
    if (command.type === 'MirrorEntries') return this.#take(command);
    // A newer build may have proposed something else.
    return command.type === 'InstallPart' ? this.#installPart(command, now) : { outcome: 'stale' };
  }

  snapshot(): Iterable<MirrorRecord> {
    const own: MirrorRecord[] = [...this.#staging.snapshot()];
    if (this.#position !== undefined) own.push({ table: 'position', record: this.#position });
    for (const [accountId, since] of this.#held) own.push({ table: 'held', record: { accountId, since } });
    return chained(own, this.#tables.freeze());
  }

  install(records: Iterable<unknown>): void {
    this.#position = undefined;
    this.#held.clear();
    this.#staging.clear();
    // Snapshots come from this class, in this format, checked by whoever carried them.
    this.#tables.replaceAll(this.#restored(records as Iterable<MirrorRecord>));
  }

  /** Restores what is the mirror's own, and passes on the rows. */
  *#restored(records: Iterable<MirrorRecord>): Generator<SnapshotRecord> {
    for (const line of records) {
      if (line.table === 'position') this.#position = line.record;
      else if (line.table === 'held') this.#held.set(line.record.accountId, line.record.since);
      else if (line.table === 'staged') this.#staging.restore(line);
      else yield line;
    }
  }

  #take({ logId, after, upTo, entries }: MirrorEntries): MirrorResult {
    if (this.#position?.logId !== logId || this.#position.seq !== after || upTo < after) return { outcome: 'stale' };
    for (const { seq, changes } of entries) for (const change of changes) this.#change(seq, change);
    this.#position = { logId, seq: upTo };
    return { outcome: 'taken' };
  }

  #change(seq: Seq, change: RowChange): void {
    const line = lineOf(change);
    const accountId = accountOf(line);
    if (accountId !== undefined && !this.#holds(accountId, seq)) return;
    if ('put' in change) this.#tables.put(line);
    else this.#tables.drop(line);
    if (line.table !== 'region' || line.record.region !== this.#region) return;
    if (!('put' in change && isWanted(line.record))) this.#letGo(line.record.accountId);
  }

  /** Whether what happened to an account at `seq` is to be taken: it is here, and was not brought in after that. */
  #holds(accountId: string, seq: Seq): boolean {
    if (!this.#isOptIn) return true;
    const since = this.#held.get(accountId);
    return since !== undefined && seq > since;
  }

  #letGo(accountId: string): void {
    if (!this.#held.delete(accountId)) return;
    for (const line of this.#tables.freeze()) if (accountOf(line) === accountId) this.#tables.drop(line);
  }

  #installPart(part: InstallPart, now: number): MirrorResult {
    if (!this.#isUseful(part)) return { outcome: 'stale' };
    const { outcome, records } = this.#staging.add(part, now);
    if (records === undefined) return { outcome };
    const { accountId, logId, at } = part;
    if (accountId === null) this.#replace(records, { logId, seq: at });
    else {
      for (const line of records) this.#tables.put(line);
      this.#held.set(accountId, at);
    }
    return { outcome };
  }

  #isUseful({ accountId, logId, at }: InstallPart): boolean {
    const position = this.#position;
    if (position?.logId !== logId) return accountId === null;
    // An account that came before the mirror's own position would miss what has been left out since.
    return accountId === null ? at > position.seq : at >= position.seq && this.missing().includes(accountId);
  }

  #replace(records: Iterable<SnapshotRecord>, position: MirrorPosition): void {
    this.#tables.replaceAll(records);
    this.#position = position;
    this.#held.clear();
    for (const row of this.#optIns()) if (isWanted(row)) this.#held.set(row.accountId, position.seq);
  }

  /** How accounts and this region stand; nobody opts in to a region that everybody uses. */
  #optIns(): readonly RegionOptIn[] {
    return this.#isOptIn ? this.view.regionOptIns(this.#region) : [];
  }
}

function* chained<Row>(...parts: readonly Iterable<Row>[]): Generator<Row> {
  for (const part of parts) yield* part;
}
