const maxLate = 250; // ms: bounds one sample, so that a stall does not count for seconds

/**
 * Measures how evenly snapshots arrive: by how many ms each comes later than
 * the least delayed one did. Mean and mean deviation with the gains of RFC 6298.
 */
export class Lateness {
  /** The mean deviation of the snapshots' arrival. */
  jitter = 0;
  #mean = 0;
  #last = NaN; // when the last one came

  /** Of snapshots that come in one burst only the first says anything about the path. */
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

  /** How late a snapshot comes at most, rare ones excepted. */
  get bound(): number {
    return this.#mean + 2 * this.jitter;
  }
}
