const first = 250; // ms
const max = 10_000; // ms
const stable = 10_000; // ms that a connection has to last for the attempts to be forgotten

/**
 * Exponential backoff between attempts to connect, with full jitter (Marc Brooker, 2015): the delay
 * is random between 0 and an exponentially growing limit, so that the clients of a server that
 * crashed do not all come back at once. Times are in ms.
 */
export class Backoff {
  #attempts = 0;
  #since: number | undefined;
  #unreachable = false; // the attempts so far met nobody

  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Notes that a connection was established. */
  opened(now: number): void {
    this.answered();
    this.#since = now;
  }

  /** Notes that the server answered, if with a refusal: attempts that met nobody are forgotten. */
  answered(): void {
    if (this.#unreachable) this.#attempts = 0;
    this.#unreachable = false;
  }

  /**
   * Notes that the connection or the attempt ended; returns the delay before the next attempt.
   * unreachable: it met nobody.
   */
  failed(now: number, unreachable = false): number {
    if (!unreachable) this.answered();
    this.#unreachable = unreachable;
    if (this.#since !== undefined && now - this.#since >= stable) this.#attempts = 0;
    this.#since = undefined;
    return this.#random() * Math.min(first * 2 ** this.#attempts++, max);
  }
}
