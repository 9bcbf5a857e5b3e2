/** What can be wrong with a blob on this zone's disk. Both are mended from another zone. */

/** The blob is not there. */
export class BlobMissing extends Error {
  override readonly name = 'BlobMissing';
  readonly id: string;

  constructor(id: string, options?: ErrorOptions) {
    super(`blob ${id} is missing`, options);
    this.id = id;
  }
}

/** The blob's bytes are not those that were stored: rotten, cut off, or under a key that is not theirs. */
export class BlobDamaged extends Error {
  override readonly name = 'BlobDamaged';
  readonly id: string;

  /** `damage` says what is wrong, for the log. */
  constructor(id: string, damage: string, options?: ErrorOptions) {
    super(`blob ${id} is damaged: ${damage}`, options);
    this.id = id;
  }
}
