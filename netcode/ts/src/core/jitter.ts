const maxLate = 250; // ms; limits one sample, so that a stall counts as one late snapshot

/**
 * Measures arrival jitter: by how many ms each snapshot comes later than the least delayed one.
 * Mean and mean deviation are smoothed with the gains of RFC 6298.
 */
export class Jitter {
  /** The mean deviation of the snapshots' arrival. */
  jitter = 0;
  #mean = 0;
  #last = NaN; // when the last one came

  /** Notes a snapshot that came late ms after the least delayed one. Of a burst only the first counts. */
  arrived(now: number, late: number, interval: number): void {
    const gap = now - this.#last;
    this.#last = now;
    if (gap < interval / 4) return;
    const v = Math.min(Math.max(late, 0), maxLate);
    const first = Number.isNaN(gap);
    const d = v - this.#mean;
    this.#mean += first ? d : d / 16;
    this.jitter += first ? v / 2 : (Math.abs(d) - this.jitter) / 16;
  }

  /** How late a snapshot is at most, apart from rare exceptions. */
  get bound(): number {
    return this.#mean + 2 * this.jitter;
  }
}
