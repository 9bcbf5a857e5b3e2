/** What is set on versions that are there: tags, access lists, retention, legal holds. */
import type { AppliersOf } from './applier.ts';
import { assertFuture, assertLockable, assertRetentionMayBecome } from './locks.ts';
import type { ObjectVersion } from './records.ts';
import { accepted } from './result.ts';
import { bucketAt, type IndexTables, objectAt } from './tables.ts';

export const applySettings: AppliersOf<'SetObjectTags' | 'SetObjectAcl' | 'SetObjectRetention' | 'SetObjectLegalHold'> =
  {
    SetObjectTags(tables, command, now) {
      const changed = change(tables, command, version => ({ ...version, tags: command.tags }));
      const event = command.tags.length === 0 ? 'ObjectTagging:Delete' : 'ObjectTagging:Put';
      tables.note(event, changed, now, { sequencer: tables.bodies.nextNumber() });
      return accepted({ versionId: changed.versionId });
    },

    SetObjectAcl(tables, command, now) {
      const changed = change(tables, command, ({ acl: _, ...version }) =>
        command.acl === null ? version : { ...version, acl: command.acl },
      );
      tables.note('ObjectAcl:Put', changed, now, { sequencer: tables.bodies.nextNumber() });
      return accepted({ versionId: changed.versionId });
    },

    SetObjectRetention(tables, command, now) {
      const { retention, bypassGovernance = false } = command;
      assertLockable(bucketAt(tables, command.bucket).bucket);
      const { versionId } = change(tables, command, ({ retention: present, ...version }) => {
        assertRetentionMayBecome(present, retention, now, bypassGovernance);
        if (retention !== null) assertFuture(retention, now);
        return retention === null ? version : { ...version, retention };
      });
      return accepted({ versionId });
    },

    SetObjectLegalHold(tables, command) {
      assertLockable(bucketAt(tables, command.bucket).bucket);
      const { versionId } = change(tables, command, version => ({ ...version, legalHold: command.legalHold }));
      return accepted({ versionId });
    },
  };

interface OfVersion {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

function change(
  tables: IndexTables,
  command: OfVersion,
  changed: (version: ObjectVersion) => ObjectVersion,
): ObjectVersion {
  const at = bucketAt(tables, command.bucket);
  const version = changed(objectAt(tables, at, command));
  tables.versions.update(at, version);
  return version;
}
