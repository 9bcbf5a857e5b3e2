/** Which zone waits to hear that its proposal was committed, by the position it was given. */
import type { Seq } from '../../log.ts';

export class PendingProposals {
  readonly #bySeq = new Map<Seq, { readonly zone: string; readonly request: number }>();

  add(seq: Seq, zone: string, request: number): void {
    this.#bySeq.set(seq, { zone, request });
  }

  /** Takes out what was committed from one position to another, by zone. */
  take(from: Seq, to: Seq): Map<string, [request: number, seq: Seq][]> {
    const taken = new Map<string, [number, Seq][]>();
    for (let seq = from; seq <= to; seq++) {
      const proposal = this.#bySeq.get(seq);
      if (proposal === undefined) continue;
      this.#bySeq.delete(seq);
      const ofZone = taken.get(proposal.zone) ?? [];
      ofZone.push([proposal.request, seq]);
      taken.set(proposal.zone, ofZone);
    }
    return taken;
  }

  /** The zone is gone, and with it whoever waited there. */
  forget(zone: string): void {
    for (const [seq, proposal] of this.#bySeq) if (proposal.zone === zone) this.#bySeq.delete(seq);
  }

  clear(): void {
    this.#bySeq.clear();
  }
}
