const seconds = 8; // that a minimum is kept for

/** A running minimum over about the last eight seconds. Times are in ms. */
class Least {
  value = 0;
  set = false;
  readonly #buckets = new Array<number>(seconds).fill(Infinity);
  #second = 0;

  add(now: number, v: number): void {
    const second = Math.floor(now / 1000);
    for (let n = Math.min(second - this.#second, seconds); n > 0; n--) {
      this.#buckets[(second - n + 1) % seconds] = Infinity;
    }
    this.#second = Math.max(second, this.#second);
    const i = this.#second % seconds;
    this.#buckets[i] = Math.min(this.#buckets[i]!, v);
    this.value = Math.min(...this.#buckets);
    this.set = true;
  }
}

/**
 * Estimates how far the server's match is, from the time at which messages
 * arrive: the least delayed of the last seconds tells most, as in NTP's clock
 * filter (RFC 5905, section 10). Match time is the tick's number times its
 * length, plus what has passed since. All times are in ms.
 */
export class Clock {
  #offset = new Least(); // local time − match time, of arrivals
  readonly #trips = new Least();
  #smooth = 0;
  #seeded = false;

  /** Takes a message that arrived at now and was sent at match time. */
  arrived(now: number, match: number): void {
    this.#offset.add(now, now - match);
  }

  /** Takes an answer that arrived at now, to something sent at sent, with the match time at which it was given. */
  trip(sent: number, now: number, match: number): void {
    const trip = Math.max(now - sent, 0);
    this.#smooth += this.#seeded ? (trip - this.#smooth) / 8 : trip;
    this.#seeded = true;
    this.#trips.add(now, trip);
    if (this.#offset.set && now - this.#offset.value > match + trip) {
      this.#offset = new Least(); // the server dropped time: earlier arrivals promise too much
    }
    this.arrived(now, match);
  }

  /** The match time of what arrives at now if nothing delays it. */
  arriving(now: number): number {
    return now - this.#offset.value;
  }

  /** The match time at the server at now, taking the way from it as half the least round trip. */
  server(now: number): number {
    return this.arriving(now) + this.#trips.value / 2;
  }

  /** The smoothed round trip; 0 before the first. */
  get roundTrip(): number {
    return this.#smooth;
  }
}
