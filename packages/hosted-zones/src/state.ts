/**
 * The state of Route 53: hosted zones with their record sets, health checks, and the newest changes, of all accounts.
 *
 * Z1  Every hosted zone has exactly one SOA record set and one NS record set at its apex, and counts its record sets.
 * Z2  Every record set belongs to a hosted zone and lies within it, and each of its values parses for its type.
 * Z3  A name with a CNAME has record sets of no other type, and a zone's apex has none.
 * Z4  Record sets of one name and type follow one routing policy, or there is a single, simple one.
 * Z5  Whatever health check is named, by a record set or a calculated health check, exists.
 * Z6  A refused command changes nothing: a batch happens as a whole or not at all.
 * Z7  Stored records never change; an update stores a new one. Snapshots share records with the running state.
 * Z8  No more changes are remembered than `CHANGES_KEPT`, and the oldest are forgotten first.
 *
 * `state.property.test.ts` checks them after random commands.
 */
import type { ApplyContext, StateMachine } from '@stormglass/replicated-state';
import { applyHealthChecks } from './apply-health-checks.ts';
import { applyRecordSets } from './apply-record-sets.ts';
import { applyTags } from './apply-tags.ts';
import { applyZones } from './apply-zones.ts';
import type { Route53Command } from './commands.ts';
import { type Applier, type LogPlace, Refused, type Route53Result } from './result.ts';
import { Route53Tables, type SnapshotRecord } from './tables.ts';
import { HostedZonesView } from './view.ts';

type Appliers = { readonly [Type in Route53Command['type']]: Applier<Type, Route53Tables> };

// Complete, or it does not compile.
const APPLIERS: Appliers = { ...applyZones, ...applyRecordSets, ...applyHealthChecks, ...applyTags };

export class HostedZonesState implements StateMachine<Route53Command, Route53Result, HostedZonesView> {
  readonly name = 'route53';
  readonly format = 1;
  readonly view: HostedZonesView;
  readonly #tables = new Route53Tables();

  constructor() {
    this.view = new HostedZonesView(this.#tables);
  }

  apply({ seq, now }: ApplyContext, command: Route53Command): Route53Result {
    const type: string = command.type;
    // A newer build may have proposed it while this zone is still being deployed to.
    if (!Object.hasOwn(APPLIERS, type))
      return { ok: false, code: 'UnknownCommand', message: `This replica does not know the command ${type}.` };
    // The table pairs each type with the applier of that type; TypeScript cannot follow the pairing through an index.
    const apply = APPLIERS[command.type] as (
      tables: Route53Tables,
      command: Route53Command,
      at: LogPlace,
    ) => Route53Result;
    try {
      return apply(this.#tables, command, { seq, now });
    } catch (thrown) {
      if (thrown instanceof Refused) return thrown.refusal;
      throw thrown;
    }
  }

  snapshot(): Iterable<SnapshotRecord> {
    return this.#tables.freeze();
  }

  install(records: Iterable<unknown>): void {
    // Snapshots come from this class, in this format, checked by whoever carried them.
    this.#tables.replaceAll(records as Iterable<SnapshotRecord>);
  }
}
