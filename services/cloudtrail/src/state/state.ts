/**
 * The state of CloudTrail: the newest events of all accounts, and their trails.
 *
 * E1  An event is there at most once, whoever brings it however often.
 * E2  No more events are kept than the limits say, and the oldest leave first.
 * E3  An event is found only by the account that it is shown to.
 * E4  A name of a trail is taken at most once per account; nobody has more than the quota.
 * E5  The range of a file is chosen once: after `ClaimDelivery` only its report moves it, and only one zone at a time has it.
 * E6  A refused command changes nothing, and stored records never change.
 *
 * `state.test.ts` checks them after random commands.
 */
import type { ApplyContext, StateMachine } from '@stormglass/replicated-state';
import { applyToTrails, type Trails, trailKey } from './apply-trails.ts';
import type { CloudTrailCommand } from './commands.ts';
import { type EventLimits, EventTable, type Position, type SnapshotRecord, type StoredEvent } from './event-table.ts';
import type { CloudTrailResult } from './result.ts';
import type { Trail } from './trail.ts';

/** What is read of the state. */
export interface CloudTrailView {
  /** Events of an account from the newest to the oldest; those before `after` only, when it is given. */
  events(accountId: string, after?: Position): Iterable<StoredEvent>;
  trail(accountId: string, name: string): Trail | undefined;
  /** Events of all accounts that came after an entry of the log, the oldest first. */
  cameAfter(seq: number): Iterable<StoredEvent>;
  /** Those of all accounts. */
  everyTrail(): Iterable<Trail>;
  /** In the order of their names. */
  trails(accountId: string): readonly Trail[];
}

export class CloudTrailState implements StateMachine<CloudTrailCommand, CloudTrailResult, CloudTrailView> {
  readonly name = 'cloudtrail';
  readonly format = 1;
  readonly view: CloudTrailView;
  readonly #events: EventTable;
  readonly #trails: Trails = new Map();

  constructor(limits?: EventLimits) {
    this.#events = new EventTable(limits);
    const [events, trails] = [this.#events, this.#trails];
    this.view = {
      *events(accountId, after) {
        for (const event of events.newestFirst(after)) if (event.index.account === accountId) yield event;
      },
      cameAfter: seq => events.cameAfter(seq),
      everyTrail: () => trails.values(),
      trail: (accountId, name) => trails.get(trailKey(accountId, name)),
      trails: accountId =>
        [...trails.values()].filter(trail => trail.accountId === accountId).sort((a, b) => (a.name < b.name ? -1 : 1)),
    };
  }

  apply(context: ApplyContext, command: CloudTrailCommand): CloudTrailResult {
    switch (command.type) {
      case 'RecordEvents':
        this.#events.record(command, context);
        return { ok: true };
      case 'CreateTrail':
      case 'UpdateTrail':
      case 'DeleteTrail':
      case 'StartLogging':
      case 'StopLogging':
      case 'PutEventSelectors':
      case 'ClaimDelivery':
      case 'ReportDelivery':
      case 'AddTags':
      case 'RemoveTags':
        return applyToTrails(this.#trails, command, context);
      default: {
        // A newer build may have proposed it while this zone is still being deployed to.
        const { type } = command as { type: string };
        return { ok: false, code: 'UnknownCommand', message: `This replica does not know the command ${type}.` };
      }
    }
  }

  snapshot(): Iterable<SnapshotRecord | { readonly trail: Trail }> {
    // What is drawn lazily is as of now: both are copied, and stored records never change.
    const events = [...this.#events.snapshot()];
    const trails = [...this.#trails.values()].map(trail => ({ trail }));
    return [...events, ...trails];
  }

  install(records: Iterable<unknown>): void {
    this.#events.clear();
    this.#trails.clear();
    for (const record of records as Iterable<SnapshotRecord | { readonly trail: Trail }>) {
      if ('trail' in record) this.#trails.set(trailKey(record.trail.accountId, record.trail.name), record.trail);
      else this.#events.install(record);
    }
  }
}
