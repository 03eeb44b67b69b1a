const first = 250;
const most = 10_000;
const good = 10_000; // a connection that lasts this long clears the past

/**
 * Spaces attempts to connect: an exponential ceiling, and under it any delay
 * is as likely as another ("full jitter", Marc Brooker, 2015), so that the
 * clients of a server that fell do not come back all at once. Times are in ms.
 */
export class Backoff {
  #attempts = 0;
  #since: number | undefined;

  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Notes that a connection stands. */
  opened(now: number): void {
    this.#since = now;
  }

  /** Notes that the connection, or the attempt at one, ended; returns how long to wait before the next. */
  failed(now: number): number {
    if (this.#since !== undefined && now - this.#since >= good) this.#attempts = 0;
    this.#since = undefined;
    return this.#random() * Math.min(first * 2 ** this.#attempts++, most);
  }
}
