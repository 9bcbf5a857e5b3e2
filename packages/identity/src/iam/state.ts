/**
 * The IAM state: users, groups, roles, their keys and policies, instance profiles and OIDC providers of all accounts,
 * and the keys that seal session tokens.
 *
 * I1  A name is taken at most once per account and kind, whatever its case.
 * I2  Every access key belongs to an existing user, and that user lists it; nobody has more than the quota.
 * I3  Whatever is attached, or bounds somebody, exists; a customer managed policy counts exactly its attachments and
 *     the entities it bounds.
 * I4  A managed policy has one to five versions, its default version is one of them, and no version id is used twice.
 * I5  Every stored document parses for its use. Evaluation never meets a malformed policy.
 * I6  A refused command changes nothing.
 * I7  Stored records never change; an update stores a new one. Snapshots share records with the running state.
 * I8  Token keys have distinct generations; one of them seals, all of them open.
 * I9  Every group that a user is in exists, under the name that the user's record says; nobody is in more than the
 *     quota.
 * I10 An OIDC provider's ARN follows from its account and issuer.
 * I11 The role of an instance profile exists.
 * I12 No two accounts have the same alias.
 * I13 A service-linked role stays as it was made, but for its description and tags.
 *
 * `state.property.test.ts` checks them after random commands.
 */
import type { ApplyContext, StateMachine } from '@stormglass/replicated-state';
import { applyAccessKeys } from './apply-access-keys.ts';
import { applyAccountAlias } from './apply-account-alias.ts';
import { applyAccountSettings } from './apply-account-settings.ts';
import { applyAttachments } from './apply-attachments.ts';
import { applyGroups } from './apply-groups.ts';
import { applyInlinePolicies } from './apply-inline-policies.ts';
import { applyInstanceProfiles } from './apply-instance-profiles.ts';
import { applyManagedPolicies } from './apply-managed-policies.ts';
import { applyOidcProviders } from './apply-oidc-providers.ts';
import { applyRegions } from './apply-regions.ts';
import { applyRoles } from './apply-roles.ts';
import { applyServiceLinkedRoles } from './apply-service-linked-roles.ts';
import { applyTags } from './apply-tags.ts';
import { applyTokenKeys } from './apply-token-keys.ts';
import { applyUsers } from './apply-users.ts';
import type { IamCommand } from './commands.ts';
import type { MirrorFeed } from './mirror-feed.ts';
import { type Applier, type IamResult, refusalIn } from './result.ts';
import { IamTables, type SnapshotRecord } from './tables.ts';
import { IamView } from './view.ts';

type Appliers = { readonly [Type in IamCommand['type']]: Applier<Type, IamTables> };

// Complete, or it does not compile.
const APPLIERS: Appliers = {
  ...applyUsers,
  ...applyAccessKeys,
  ...applyGroups,
  ...applyRoles,
  ...applyInlinePolicies,
  ...applyAttachments,
  ...applyTags,
  ...applyManagedPolicies,
  ...applyInstanceProfiles,
  ...applyServiceLinkedRoles,
  ...applyOidcProviders,
  ...applyAccountAlias,
  ...applyTokenKeys,
  ...applyRegions,
  ...applyAccountSettings,
};

export interface IamOptions {
  /** AWS partition this IAM serves; each partition has its own. */
  readonly partition: string;
  /** Hears of every row that changes, for regions that mirror them. */
  readonly feed?: MirrorFeed | undefined;
}

export class IamState implements StateMachine<IamCommand, IamResult, IamView> {
  readonly name = 'iam';
  readonly format = 1;
  readonly view: IamView;
  readonly #tables: IamTables;
  readonly #feed: MirrorFeed | undefined;
  /** The entry that is being applied. */
  #at: ApplyContext = { seq: 0, now: 0 };

  constructor(options: IamOptions = { partition: 'aws' }) {
    this.#tables = new IamTables(options.partition);
    this.#feed = options.feed;
    if (options.feed !== undefined)
      this.#tables.watch(change => options.feed?.note(this.#at.seq, this.#at.now, change));
    this.view = new IamView(this.#tables);
  }

  apply(context: ApplyContext, command: IamCommand): IamResult {
    const type: string = command.type;
    // A newer build may have proposed it while this zone is still being deployed to.
    if (!Object.hasOwn(APPLIERS, type))
      return { ok: false, code: 'UnknownCommand', message: `This replica does not know the command ${type}.` };
    this.#at = context;
    // The table pairs each type with the applier of that type; TypeScript cannot follow the pairing through an index.
    const apply = APPLIERS[command.type] as (tables: IamTables, command: IamCommand, now: number) => IamResult;
    try {
      return apply(this.#tables, command, context.now);
    } catch (thrown) {
      const refusal = refusalIn(thrown);
      if (refusal === undefined) throw thrown;
      return refusal;
    }
  }

  snapshot(): Iterable<SnapshotRecord> {
    return this.#tables.freeze();
  }

  install(records: Iterable<unknown>): void {
    this.#feed?.reset();
    // Snapshots come from this class, in this format, checked by whoever carried them.
    this.#tables.replaceAll(records as Iterable<SnapshotRecord>);
  }
}
