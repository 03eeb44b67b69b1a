import { Least } from "./clock.ts";
import { Slew, slewRate } from "./slew.ts";

const leastSlack = 10; // ms by which inputs are meant to be early at least: timers are not perfect either
const leadJump = 100; // further off than this the clock jumps
const leadStep = 40; // the most that one report widens the lead by, if it is not that far off
const leadEase = 30_000; // in which a lead that is too wide comes back by a good half
const maxLead = 2000;

/**
 * Keeps the prediction clock so far ahead of the server that inputs arrive
 * just before their tick. A closed loop: the server reports by how much the
 * newest input was early (slack). A late input makes a correction, an early one
 * costs only delay: so the lead widens at once to what a report asks for, and
 * comes back slowly to the most that was asked for in the last seconds. Times
 * are in ms.
 */
export class Lead {
  /** By how much the prediction is meant to be ahead of the server. */
  goal = 0;
  readonly #clock = new Slew();
  #deaf = Infinity; // until this time reports say nothing
  #blind = 0; // reports before this were made with a goal between before and this one
  #before = 0;
  #last = 0; // when the newest report came
  #far = false; // it was so far off that it takes a second one
  #spare = new Least(); // −goals asked for

  /** Begins with what is known before the first report: half a round trip, and generously more. */
  start(trip: number, tick: number): void {
    this.goal = trip / 2 + leastSlack + Math.min(tick, leadStep);
    this.#deaf = this.#blind = 0;
    this.#spare = new Least();
  }

  /** Ignores for a round trip the reports about what was sent again. */
  resume(now: number, trip: number): void {
    this.#deaf = now + trip;
  }

  /** Takes the server's report, that arrived at now, with this round trip. */
  slack(now: number, slack: number, trip: number): void {
    if (now < this.#deaf) return;
    const blind = now < this.#blind;
    const asked = Math.min(this.goal, blind ? this.#before : Infinity) + leastSlack - slack;
    const far = asked - this.goal > leadJump;
    const passed = Math.min(now - this.#last, 1000);
    this.#last = now;
    this.#far = far && !this.#far;
    if (this.#far) return; // of one stall nothing follows for the inputs after it
    this.#spare.add(now, -(far ? asked : Math.min(asked, this.goal + leadStep)));
    const spare = this.goal + this.#spare.value; // below 0 if this report asks for more
    const share = spare < 0 ? 1 : blind ? 0 : spare > leadStep ? 0.5 : passed / leadEase; // 0.5: the path has changed
    const by = Math.abs(spare * share);
    if (share > 0.4) {
      if (!blind) this.#before = this.goal;
      this.#blind = now + trip + (by < leadJump ? slewRate * by : 0);
    }
    this.goal = Math.min(this.goal - spare * share, maxLead);
  }

  /** The prediction time at now, when the server's is server. */
  now(now: number, server: number): number {
    return this.#clock.follow(now, server + this.goal, leadJump);
  }
}
