/** What can happen to bytes of objects on a disk that nobody touches: they rot, or they are gone. Done once, when it begins. */

export const BLOB_DAMAGES = {
  'blob-rot': 'share (0.0001 to 1): so many of the objects on the disk of the zone have a byte that changed',
  'blob-loss': 'share (0.0001 to 1): so many of the objects on the disk of the zone are gone',
} as const;

export type BlobDamageKind = keyof typeof BLOB_DAMAGES;

export interface BlobDamageRule {
  readonly id: string;
  readonly damage: BlobDamageKind;
  readonly share: number;
  readonly seed: number;
}

type Listener = (rule: BlobDamageRule) => void;

/** Tells whoever has the disk of what is to be done to it: each rule once, as often as it is heard of. */
export class BlobDamage {
  readonly #done = new Set<string>();
  #waiting: readonly BlobDamageRule[] = [];
  #listener: Listener | undefined;

  /** One at a time; hears at once of what came before. */
  listen(listener: Listener): void {
    this.#listener = listener;
    this.replace(this.#waiting);
  }

  replace(rules: readonly BlobDamageRule[]): void {
    this.#waiting = rules;
    if (this.#listener === undefined) return;
    for (const rule of rules) {
      if (this.#done.has(rule.id)) continue;
      this.#done.add(rule.id);
      this.#listener(rule);
    }
    // Ids are not used again.
    for (const id of this.#done) if (!rules.some(rule => rule.id === id)) this.#done.delete(id);
  }
}
