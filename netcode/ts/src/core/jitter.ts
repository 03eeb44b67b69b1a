const maxLate = 250; // ms: bounds one sample, so that a stall does not count for seconds

/**
 * Measures how evenly snapshots arrive: by how many ms each comes later than
 * the least delayed one did. Mean and mean deviation with the gains of RFC 6298.
 */
export class Lateness {
  /** The mean deviation of the snapshots' arrival. */
  jitter = 0;
  #mean = 0;
  #last: number | undefined; // when the last one came

  /** Of snapshots that come in one burst only the first says anything about the path. */
  arrived(now: number, late: number, interval: number): void {
    const first = this.#last === undefined;
    const burst = !first && now - this.#last! < interval / 4;
    this.#last = now;
    if (burst) return;
    const v = Math.min(Math.max(late, 0), maxLate);
    if (first) {
      this.#mean = v;
      this.jitter = v / 2;
      return;
    }
    const d = v - this.#mean;
    this.#mean += d / 16;
    this.jitter += (Math.abs(d) - this.jitter) / 16;
  }

  /** How late a snapshot comes at most, rare ones excepted. */
  get bound(): number {
    return this.#mean + 2 * this.jitter;
  }
}
