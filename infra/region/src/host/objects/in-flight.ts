/** Blobs that are being written to this zone's disk at the moment: nobody fetches or deletes them meanwhile. */

export class InFlight {
  readonly #ids = new Map<string, number>();

  /** @returns what is to be called once when it has landed, or failed */
  begin(id: string): () => void {
    this.#ids.set(id, (this.#ids.get(id) ?? 0) + 1);
    return () => {
      const left = this.#ids.get(id)! - 1;
      if (left === 0) this.#ids.delete(id);
      else this.#ids.set(id, left);
    };
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }
}
