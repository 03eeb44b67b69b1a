const end = 12; // after that many halves a bend is forgotten

/**
 * Hides corrections from the eye: a field is drawn where it was, and goes to
 * where it is by halves. It never touches the state.
 */
export class Bends {
  readonly #all = new Map<string, { off: number; at: number }>();

  /** half in ms, 0 draws corrections at once; those above snap, in the field's units, too (0: none). */
  readonly #half: number;
  readonly #snap: number;

  constructor(
    half: number,
    snap: number,
  ) {
    this.#half = half;
    this.#snap = snap;
  }

  /** Notes that a field jumped to off from where it was drawn. */
  add(now: number, key: string, off: number): void {
    const sum = off + this.left(now, key);
    if (this.#half <= 0 || (this.#snap > 0 && Math.abs(sum) > this.#snap)) this.#all.delete(key);
    else this.#all.set(key, { off: sum, at: now });
  }

  /** How far a field is to be drawn from where it is. */
  left(now: number, key: string): number {
    const b = this.#all.size > 0 && this.#all.get(key);
    return b ? b.off * 2 ** -((now - b.at) / this.#half) : 0;
  }

  /** Forgets what is no more to be seen. */
  prune(now: number): void {
    for (const [key, b] of this.#all) if (now - b.at > end * this.#half) this.#all.delete(key);
  }
}
