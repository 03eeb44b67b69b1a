/** How much faster or slower than real time a slewing clock runs: one part in. */
export const slewRate = 10;

/**
 * A clock that follows another one without visible steps: it runs at most a
 * tenth faster or slower, and jumps only if it is further off than a bound.
 */
export class Slew {
  #at = NaN; // until the first reading
  #last = 0;

  /** Advances to now and draws the clock towards goal. The reading goes back only by a jump. */
  follow(now: number, goal: number, jump: number): number {
    const elapsed = Math.max(now - this.#last, 0);
    this.#last += elapsed;
    this.#at += elapsed;
    const off = goal - this.#at;
    if (!(Math.abs(off) <= jump)) return (this.#at = goal);
    const limit = elapsed / slewRate;
    return (this.#at += Math.min(Math.max(off, -limit), limit));
  }
}
