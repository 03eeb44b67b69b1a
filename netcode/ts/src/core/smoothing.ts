const end = 12; // after this many half-lives an offset is dropped

/**
 * Smooths corrections: a field that was corrected is drawn where it was, and the offset to its
 * true value decays exponentially. The state itself is never changed.
 */
export class Smoothing {
  readonly #offsets = new Map<string, { size: number; at: number }>(); // by field

  /** The offset's half-life in ms; 0 draws corrections at once. */
  readonly #half: number;
  /** A larger offset, in the field's units, is not smoothed; 0: no limit. */
  readonly #snap: number;

  constructor(half: number, snap: number) {
    this.#half = half;
    this.#snap = snap;
  }

  /** Notes that a field was corrected and is drawn off from its true value by this much. */
  add(now: number, key: string, off: number): void {
    const sum = off + this.offset(now, key);
    if (this.#half <= 0 || (this.#snap > 0 && Math.abs(sum) > this.#snap)) this.#offsets.delete(key);
    else this.#offsets.set(key, { size: sum, at: now });
  }

  /** How far a field is to be drawn from its true value. */
  offset(now: number, key: string): number {
    const o = this.#offsets.size > 0 && this.#offsets.get(key);
    return o ? o.size * 2 ** -((now - o.at) / this.#half) : 0;
  }

  /** Drops offsets too small to be seen. */
  prune(now: number): void {
    for (const [key, o] of this.#offsets) if (now - o.at > end * this.#half) this.#offsets.delete(key);
  }
}
