/** What may be put into a simulation to break things: a storm by chance, or a scenario. */

/** What goes wrong while clients are at work. */
export interface Trouble {
  /** In words, as it happened. */
  readonly story: readonly string[];
  /** Resolves when it is over. */
  rage(durationMs: number): Promise<void>;
  /** Mends whatever is still broken. */
  calm(): Promise<void>;
}
