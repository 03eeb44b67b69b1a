const kept = 8000; // ms that a minimum is kept for

/** A running minimum over the last seconds. Times are in ms. */
export class Least {
  value = Infinity;
  #rising: { readonly at: number; readonly v: number }[] = []; // those that are the least of all since

  add(at: number, v: number): void {
    this.#rising = this.#rising.filter((x) => x.v < v && at - x.at < kept);
    this.#rising.push({ at, v });
    this.value = this.#rising[0]!.v;
  }
}

/**
 * Estimates how far the server's match is, from the time at which messages
 * arrive: the least delayed of the last seconds tells most, as in NTP's clock
 * filter (RFC 5905, section 10). Match time is the tick's number times its
 * length, plus what has passed since. All times are in ms.
 */
export class Clock {
  /** The smoothed round trip; 0 before the first. */
  roundTrip = 0;
  #offset = new Least(); // local time − match time, of arrivals
  readonly #trips = new Least();

  /** Takes a message that arrived at now and was sent at match time. */
  arrived(now: number, match: number): void {
    this.#offset.add(now, now - match);
  }

  /** Takes an answer that arrived at now, to something sent at sent, with the match time at which it was given. */
  trip(sent: number, now: number, match: number): void {
    const trip = Math.max(now - sent, 0);
    this.roundTrip = ((this.roundTrip || trip) + trip) / 2;
    this.#trips.add(now, trip);
    // the server dropped time: earlier arrivals promise too much
    if (this.arriving(now) > match + trip) this.#offset = new Least();
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
}
