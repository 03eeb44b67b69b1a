/** A slewing clock runs at most 1/slewRate faster or slower than real time. */
export const slewRate = 10;

/**
 * A clock that follows another one without visible steps: it runs at most a tenth faster or
 * slower, and jumps only if it is further off than a limit.
 */
export class Slew {
  #at = NaN; // until the first reading
  #last = 0;

  /** Advances to now and moves the reading towards goal. It goes back only by a jump. */
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
