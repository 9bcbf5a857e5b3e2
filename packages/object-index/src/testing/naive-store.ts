/** What the index promises, done in the plainest way: all versions in one array, looked through from end to end. */
import type { CommandOf, ObjectCommand } from '../commands.ts';
import { PART_SIZE_MIN } from '../commands.ts';
import type { Retention, Versioning } from '../records.ts';

export interface NaiveVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isMarker: boolean;
  readonly etag: string;
  readonly size: number;
  /** Ids of blobs, and sealed bytes in parentheses. */
  readonly body: readonly string[];
  tags: string;
  retention: Retention | undefined;
  legalHold: boolean;
}

interface NaiveUpload {
  readonly key: string;
  readonly id: string;
  readonly parts: Map<number, { etag: string; size: number; body: string }>;
}

export class NaiveStore {
  versioning: Versioning = '';
  readonly hasLock: boolean;
  /** Oldest first. */
  versions: NaiveVersion[] = [];
  readonly uploads = new Map<string, NaiveUpload>();
  /** Uploads that ended. */
  readonly ended = new Map<string, { readonly key: string; readonly isCompleted: boolean }>();

  constructor(hasLock: boolean) {
    this.hasLock = hasLock;
    if (hasLock) this.versioning = 'Enabled';
  }

  latest(key: string): NaiveVersion | undefined {
    return this.versions.findLast(each => each.key === key);
  }

  find(key: string, versionId: string | undefined): NaiveVersion | undefined {
    if (versionId === undefined) return this.latest(key);
    return this.versions.find(each => each.key === key && each.versionId === versionId);
  }

  /** Does a command; answers `ok` or the code of the refusal, one for each object of a deletion. */
  apply(command: ObjectCommand, now: number): string {
    switch (command.type) {
      case 'SetBucketVersioning':
        if (this.hasLock && command.versioning === 'Suspended') return 'InvalidBucketState';
        this.versioning = command.versioning;
        return 'ok';
      case 'PutObject':
        return this.#putObject(command);
      case 'CopyObject':
        return this.#copyObject(command);
      case 'DeleteObjects':
        return command.objects.map(each => this.#deleteObject(each, command.bypassGovernance === true, now)).join();
      case 'CreateUpload':
        this.uploads.set(command.uploadId, { key: command.key, id: command.uploadId, parts: new Map() });
        return 'ok';
      case 'PutPart': {
        const upload = this.uploads.get(command.uploadId);
        if (upload?.key !== command.key) return 'NoSuchUpload';
        const { size, blob } = command.body;
        upload.parts.set(command.part, { etag: command.etag, size, body: blob?.id ?? '' });
        return 'ok';
      }
      case 'CompleteUpload':
        return this.#complete(command);
      case 'AbortUpload':
        return this.#abort(command);
      case 'SetObjectTags':
        return this.#change(command, version => {
          version.tags = JSON.stringify(command.tags);
          return 'ok';
        });
      case 'SetObjectLegalHold':
        if (!this.hasLock) return 'InvalidRequest';
        return this.#change(command, version => {
          version.legalHold = command.legalHold;
          return 'ok';
        });
      case 'SetObjectRetention':
        return this.#retain(command, now);
      default:
        throw new Error(`not modelled: ${command.type}`);
    }
  }

  /** Blobs that a version or an upload has. */
  blobs(): string[] {
    const ofVersions = this.versions.flatMap(({ body }) => body);
    const ofUploads = [...this.uploads.values()].flatMap(({ parts }) => [...parts.values()].map(({ body }) => body));
    return [...new Set([...ofVersions, ...ofUploads])].filter(id => id !== '' && !id.startsWith('(')).sort();
  }

  #putObject(command: CommandOf<'PutObject'>): string {
    const refused = this.#refusedWrite(command);
    if (refused !== undefined) return refused;
    const { retention, legalHold } = command;
    if (!this.hasLock && (retention !== undefined || legalHold !== undefined)) return 'InvalidRequest';
    const { etag, body } = command;
    const bytes = body.blob?.id ?? (body.inline === undefined ? undefined : `(${body.inline})`);
    this.#add(command.key, command.versionId, {
      isMarker: false,
      etag,
      size: body.size,
      body: bytes === undefined ? [] : [bytes],
      tags: '[]',
      retention,
      legalHold: legalHold === true,
    });
    return 'ok';
  }

  #copyObject(command: CommandOf<'CopyObject'>): string {
    const { source } = command;
    const from = this.find(source.key, source.versionId);
    if (from === undefined) return source.versionId === undefined ? 'NoSuchKey' : 'NoSuchVersion';
    if (from.isMarker) return source.versionId === undefined ? 'NoSuchKey' : 'InvalidRequest';
    if (source.ifMatch !== undefined && source.ifMatch !== from.etag) return 'PreconditionFailed';
    const refused = this.#refusedWrite(command);
    if (refused !== undefined) return refused;
    const { etag, size, body, tags } = from;
    const lock = { retention: undefined, legalHold: false };
    this.#add(command.key, command.versionId, { isMarker: false, etag, size, body, tags, ...lock });
    return 'ok';
  }

  #complete(command: CommandOf<'CompleteUpload'>): string {
    if (this.#hasEnded(command, true)) return 'ok';
    const upload = this.uploads.get(command.uploadId);
    if (upload?.key !== command.key) return 'NoSuchUpload';
    const parts = command.parts.map(({ part, etag }) => ({ number: part, etag, stored: upload.parts.get(part) }));
    if (parts.length === 0) return 'MalformedXML';
    if (parts.some(({ number }, index) => number <= (parts[index - 1]?.number ?? 0))) return 'InvalidPartOrder';
    if (parts.some(({ etag, stored }) => stored?.etag !== etag)) return 'InvalidPart';
    if (parts.slice(0, -1).some(({ stored }) => stored!.size < PART_SIZE_MIN)) return 'EntityTooSmall';
    const refused = this.#refusedWrite(command);
    if (refused !== undefined) return refused;
    this.uploads.delete(command.uploadId);
    this.ended.set(command.uploadId, { key: command.key, isCompleted: true });
    this.#add(command.key, command.versionId, {
      isMarker: false,
      etag: command.etag,
      size: parts.reduce((sum, { stored }) => sum + stored!.size, 0),
      body: parts.map(({ stored }) => stored!.body),
      tags: '[]',
      retention: undefined,
      legalHold: false,
    });
    return 'ok';
  }

  #abort(command: CommandOf<'AbortUpload'>): string {
    if (this.#hasEnded(command, false)) return 'ok';
    if (this.uploads.get(command.uploadId)?.key !== command.key) return 'NoSuchUpload';
    this.uploads.delete(command.uploadId);
    this.ended.set(command.uploadId, { key: command.key, isCompleted: false });
    return 'ok';
  }

  #hasEnded({ uploadId, key }: { readonly uploadId: string; readonly key: string }, isCompleted: boolean): boolean {
    const ended = this.ended.get(uploadId);
    return ended?.key === key && ended.isCompleted === isCompleted;
  }

  #deleteObject(wanted: CommandOf<'DeleteObjects'>['objects'][number], bypassGovernance: boolean, now: number): string {
    const { key, versionId, markerId, ifMatch } = wanted;
    const latest = this.latest(key);
    if (ifMatch !== undefined) {
      if (latest === undefined || latest.isMarker) return 'NoSuchKey';
      if (ifMatch !== '*' && ifMatch !== latest.etag) return 'PreconditionFailed';
    }
    if (versionId === undefined && this.versioning !== '') {
      const marker = {
        isMarker: true,
        etag: '',
        size: 0,
        body: [],
        tags: '[]',
        retention: undefined,
        legalHold: false,
      };
      this.#add(key, markerId, marker);
      return 'ok';
    }
    const version = this.find(key, versionId);
    if (version === undefined) return 'ok';
    const { retention, legalHold } = version;
    const isRetained =
      retention !== undefined && retention.retainUntil > now && !(bypassGovernance && retention.mode === 'GOVERNANCE');
    if (legalHold || isRetained) return 'AccessDenied';
    this.versions = this.versions.filter(each => each !== version);
    return 'ok';
  }

  #retain({ key, versionId, retention, bypassGovernance }: CommandOf<'SetObjectRetention'>, now: number): string {
    if (!this.hasLock) return 'InvalidRequest';
    return this.#change({ key, versionId }, version => {
      const present = version.retention;
      if (present !== undefined && present.retainUntil > now) {
        const mayWeaken = present.mode === 'GOVERNANCE' && bypassGovernance === true;
        const weakens =
          retention === null ||
          retention.retainUntil < present.retainUntil ||
          (present.mode === 'COMPLIANCE' && retention.mode !== 'COMPLIANCE');
        if (weakens && !mayWeaken) return 'AccessDenied';
      }
      if (retention !== null && retention.retainUntil <= now) return 'InvalidArgument';
      version.retention = retention ?? undefined;
      return 'ok';
    });
  }

  #refusedWrite(command: {
    readonly key: string;
    readonly ifMatch?: string;
    readonly ifNoneMatch?: '*';
  }): string | undefined {
    const latest = this.latest(command.key);
    const present = latest?.isMarker === false ? latest : undefined;
    if (command.ifNoneMatch !== undefined && present !== undefined) return 'PreconditionFailed';
    if (command.ifMatch === undefined) return undefined;
    if (present === undefined) return 'NoSuchKey';
    return command.ifMatch === '*' || command.ifMatch === present.etag ? undefined : 'PreconditionFailed';
  }

  #change(
    { key, versionId }: { readonly key: string; readonly versionId?: string | undefined },
    change: (version: NaiveVersion) => string,
  ): string {
    const version = this.find(key, versionId);
    if (version === undefined) return versionId === undefined ? 'NoSuchKey' : 'NoSuchVersion';
    if (version.isMarker) return versionId === undefined ? 'NoSuchKey' : 'MethodNotAllowed';
    return change(version);
  }

  #add(key: string, drawn: string, version: Omit<NaiveVersion, 'key' | 'versionId'>): void {
    const versionId = this.versioning === 'Enabled' ? drawn : 'null';
    this.versions = this.versions.filter(each => each.key !== key || each.versionId !== versionId);
    this.versions.push({ key, versionId, ...version });
  }
}
