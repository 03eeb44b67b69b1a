const buckets = 8; // of a second each

/** A running minimum over about the last eight seconds. Times are in ms. */
export class RunningMinimum {
  value = Infinity;
  readonly #least = new Array<number>(buckets).fill(Infinity); // by second, in a ring
  #second = -Infinity; // the newest one

  add(at: number, v: number): void {
    const second = Math.floor(at / 1000);
    for (let n = Math.min(second - this.#second, buckets); n > 0; n--) this.#least[(second - n + 1) % buckets] = Infinity;
    this.#second = Math.max(second, this.#second);
    const i = this.#second % buckets;
    this.#least[i] = Math.min(this.#least[i]!, v);
    this.value = Math.min(...this.#least);
  }
}

const clockJump = 250; // ms that a snapshot comes later than the least delayed one if something is wrong
const overdueFor = 150; // ms for which all snapshots come that late until the clock is set back without a ping's answer

/**
 * Clock synchronisation: estimates the server's match time from when messages arrive. The least
 * delayed messages of the last seconds count, as in NTP's clock filter (RFC 5905, section 10).
 * Match time is the tick's number times its length, plus the time since that tick. Times are in ms.
 *
 * A server that was paused or overloaded drops match time, and tells nobody: from then on
 * everything arrives later than the estimate promises. The clock follows at the first answer to a
 * ping that shows it, or when snapshots have come late for a while, evenly.
 */
export class Clock {
  /** The smoothed round trip; 0 before the first. */
  roundTrip = 0;
  #offset = new RunningMinimum(); // local time − match time, of arrivals
  readonly #trips = new RunningMinimum();
  #overdue: { readonly now: number; readonly match: number } | undefined; // the first of the newest snapshots that came far too late, evenly

  /**
   * Notes a snapshot that arrived at now and was sent at match time. Reports whether the clock was
   * set back, because the server dropped time.
   */
  arrived(now: number, match: number): boolean {
    let first = this.#overdue;
    let setBack = false;
    this.#overdue = undefined;
    if (now - match > this.#offset.value + clockJump) {
      // Those that were held up on the way come in a burst: in less time than there is between them in the match.
      if (!first || now - first.now <= (match - first.match) / 2) first = { now, match };
      setBack = now - first.now >= overdueFor;
      if (setBack) this.#offset = new RunningMinimum();
      else this.#overdue = first;
    }
    this.#offset.add(now, now - match);
    return setBack;
  }

  /** Reports whether the newest snapshot came so late that the clock may be wrong. The answer to a ping sent then tells. */
  get overdue(): boolean {
    return this.#overdue !== undefined;
  }

  /**
   * Notes a reply that arrived at now, to a message sent at sent; the server replied at match time.
   * Reports whether the clock was set back, because the server dropped time.
   */
  trip(sent: number, now: number, match: number): boolean {
    const trip = Math.max(now - sent, 0);
    this.roundTrip = this.#trips.value < Infinity ? (this.roundTrip + trip) / 2 : trip;
    this.#trips.add(now, trip);
    return this.answered(sent, now, match);
  }

  /** trip(), for a reply that the server may have put off: of the way it says nothing. */
  answered(sent: number, now: number, match: number): boolean {
    const setBack = this.#offset.value < Infinity && this.arriving(now) > match + Math.max(now - sent, 0); // earlier arrivals promise too much
    if (setBack) {
      this.#offset = new RunningMinimum();
      this.#overdue = undefined;
    }
    this.#offset.add(now, now - match);
    return setBack;
  }

  /** The match time at which a message was sent that arrives now with the least delay. */
  arriving(now: number): number {
    return now - this.#offset.value;
  }

  /** Half the least round trip: by how much what is sent has to be ahead of server() to be in time. */
  get oneWay(): number {
    return this.#trips.value < Infinity ? this.#trips.value / 2 : 0;
  }

  /** The server's match time now. The one-way delay is taken as half the least round trip. */
  server(now: number): number {
    return this.arriving(now) + this.oneWay;
  }
}
