import { RunningMinimum } from "./clock.ts";
import { Slew, slewRate } from "./slew.ts";

const minSlack = 10; // ms by which inputs should arrive early: timers are not exact
const leadJump = 100; // ms; when it is further off, the clock jumps
const leadStep = 40; // ms by which one report increases the lead at most, unless it is further off than leadJump
const leadEase = 30_000; // ms; time constant with which a lead that is too large decreases
const maxLead = 2000;

/**
 * Keeps the prediction clock just far enough ahead of the server for inputs to arrive before
 * their tick. A control loop: the server reports how early the newest input arrived (slack).
 * A late input causes a correction, an early one only costs delay. So the lead increases at
 * once to what a report requires, and decreases slowly to the most that was required in the
 * last seconds. It never comes below the way to the server: what is sent with less can't be in
 * time, whatever was reported, and reports come only while something is sent. Times are in ms.
 */
export class Lead {
  /** Whether start() was called. */
  started = false;
  #goal = 0; // ahead of the server, by the reports
  readonly #clock = new Slew();
  #floor = 0; // the way to the server; the lead is no less
  #ignoreUntil = Infinity; // reports before this time say nothing
  #settlesAt = 0; // reports before this time are about inputs made with a lead between previous and goal
  #previous = 0;
  #last = 0; // when the newest report came
  #far = false; // it was so far off that a second one has to confirm it
  #required = new RunningMinimum(); // of the leads required, negated

  /** The lead to reach: how far the prediction should be ahead of the server. */
  get goal(): number {
    return Math.max(this.#goal, this.#floor);
  }

  /** Starts with an estimate before the first report: half a round trip and a generous margin. */
  start(trip: number, tick: number): void {
    this.started = true;
    this.#goal = trip / 2 + minSlack + Math.min(tick, leadStep);
    this.#floor = 0;
    this.#ignoreUntil = this.#settlesAt = 0;
    this.#required = new RunningMinimum();
  }

  /** Says how long the way to the server is at least, which needs no report: the lead is no less. */
  oneWay(way: number): void {
    if (this.started) this.#floor = Math.min(way, maxLead);
  }

  /** Ignores for a round trip the reports about inputs that were sent again, or before the server's clock was set back. */
  resume(now: number, trip: number): void {
    this.#ignoreUntil = now + trip;
  }

  /** Notes the server's report of the slack, which arrived at now; trip is the round trip. */
  slack(now: number, slack: number, trip: number): void {
    if (now < this.#ignoreUntil) return;
    const unsettled = now < this.#settlesAt;
    const required = Math.min(this.goal, unsettled ? this.#previous : Infinity) + minSlack - slack;
    const far = required - this.#goal > leadJump;
    const passed = Math.min(now - this.#last, 1000);
    this.#last = now;
    this.#far = far && !this.#far;
    if (this.#far) return; // one stall says nothing about the inputs after it
    this.#required.add(now, -(far ? required : Math.min(required, this.#goal + leadStep)));
    const spare = this.#goal + this.#required.value; // below 0 if this report requires more
    const share = spare < 0 ? 1 : unsettled ? 0 : spare > leadStep ? 0.5 : passed / leadEase; // 0.5: the path has changed
    const by = Math.abs(spare * share);
    if (share > 0.4) {
      if (!unsettled) this.#previous = this.goal;
      this.#settlesAt = now + trip + (by < leadJump ? slewRate * by : 0);
    }
    this.#goal = Math.min(Math.max(this.#goal - spare * share, 0), maxLead);
  }

  /** The prediction time at now, when the server's is server. */
  now(now: number, server: number): number {
    return this.#clock.follow(now, server + this.goal, leadJump);
  }
}
