/**
 * What the index tells of its changes: of objects to those who are notified, of blobs to those who keep copies of them.
 * Changes are told once they are committed, in order; after a crash some may have been told of an earlier life only, so
 * who must not miss any also sweeps.
 */
import type { BlobEntry } from './records.ts';

export interface ObjectChange {
  readonly kind: 'object';
  /** Event names of S3 without `s3:`, as in its notifications. */
  readonly event:
    | 'ObjectCreated:Put'
    | 'ObjectCreated:Copy'
    | 'ObjectCreated:CompleteMultipartUpload'
    | 'ObjectRemoved:Delete'
    | 'ObjectRemoved:DeleteMarkerCreated'
    | 'LifecycleExpiration:Delete'
    | 'LifecycleExpiration:DeleteMarkerCreated'
    | 'ObjectTagging:Put'
    | 'ObjectTagging:Delete'
    | 'ObjectAcl:Put'
    | 'ObjectRename';
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  /** Orders the changes of a key: grows with every change. */
  readonly sequencer: number;
  /** Log time in ms since the epoch. */
  readonly at: number;
  readonly size?: number;
  readonly etag?: string;
  /** The key before a rename. */
  readonly sourceKey?: string;
}

export interface BlobChange {
  readonly kind: 'blob-added' | 'blob-dropped';
  readonly blob: BlobEntry;
}

/** The whole state was replaced, by a snapshot of a peer or by nothing: compare anew. */
export interface IndexReplaced {
  readonly kind: 'replaced';
}

export type IndexChange = ObjectChange | BlobChange | IndexReplaced;

/** Must not throw, and not change the index. */
export type ChangeListener = (change: IndexChange) => void;
