const window = 8000; // ms

/** A running minimum over the last 8 s. Times are in ms. */
export class RunningMinimum {
  value = Infinity;
  #rising: { readonly at: number; readonly v: number }[] = []; // ascending; each is the minimum of what came after it

  add(at: number, v: number): void {
    this.#rising = this.#rising.filter((x) => x.v < v && at - x.at < window);
    this.#rising.push({ at, v });
    this.value = this.#rising[0]!.v;
  }
}

/**
 * Clock synchronisation: estimates the server's match time from when messages arrive. The least
 * delayed messages of the last seconds count, as in NTP's clock filter (RFC 5905, section 10).
 * Match time is the tick's number times its length, plus the time since that tick. Times are in ms.
 */
export class Clock {
  /** The smoothed round trip; 0 before the first. */
  roundTrip = 0;
  #offset = new RunningMinimum(); // local time − match time, of arrivals
  readonly #trips = new RunningMinimum();

  /** Notes a message that arrived at now and was sent at match time. */
  arrived(now: number, match: number): void {
    this.#offset.add(now, now - match);
  }

  /** Notes a reply that arrived at now, to a message sent at sent; the server replied at match time. */
  trip(sent: number, now: number, match: number): void {
    const trip = Math.max(now - sent, 0);
    this.roundTrip = ((this.roundTrip || trip) + trip) / 2;
    this.#trips.add(now, trip);
    // the server dropped ticks: the estimate of earlier arrivals is too far ahead
    if (this.arriving(now) > match + trip) this.#offset = new RunningMinimum();
    this.arrived(now, match);
  }

  /** The match time at which a message was sent that arrives now with the least delay. */
  arriving(now: number): number {
    return now - this.#offset.value;
  }

  /** The server's match time now. The one-way delay is taken as half the least round trip. */
  server(now: number): number {
    return this.arriving(now) + this.#trips.value / 2;
  }
}
