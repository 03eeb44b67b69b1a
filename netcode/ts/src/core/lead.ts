import { Slew, slewRate } from "./slew.ts";

const leastSlack = 5; // ms by which inputs are early on a perfect link: a server's timers are not perfect either
const leadJump = 100; // further off than this the clock jumps
const leadStep = 25; // the most that one late input moves it
const leadWindow = 400;
const leadSamples = 4;
const leadPatient = 2000; // a window with fewer samples counts after that
const maxLead = 2000;

/**
 * Keeps the prediction clock so far ahead of the server that inputs arrive
 * just before their tick. A closed loop: the server reports by how much the
 * newest input was early (slack), the lead is changed by what that is off, then
 * nothing is believed until the change can have shown. Times are in ms.
 */
export class Lead {
  /** By how much the prediction is meant to be ahead of the server. */
  goal = 0;
  readonly #clock = new Slew();
  #set = false;
  #blind = 0; // reports before this were made with an older goal
  #opened = 0; // when the current window began
  #samples: number[] = [];

  /** Begins with what is known before the first report: half a round trip, and generously more. */
  start(trip: number, jitter: number, tick: number): void {
    this.goal = trip / 2 + Math.max(leastSlack, 2 * jitter) + tick / 2;
    this.#set = true;
    this.#blind = 0;
    this.#samples = [];
  }

  /** Forgets the reports of the connection before, and for a round trip those about what was sent again. */
  resume(now: number, trip: number): void {
    this.#samples = [];
    this.#blind = now + trip;
  }

  /** Takes the server's report, that arrived at now, with this round trip and jitter of the path. */
  slack(now: number, slack: number, trip: number, jitter: number): void {
    if (now < this.#blind || !this.#set) return;
    if (this.#samples.length === 0) this.#opened = now;
    if (this.#samples.length < 64) this.#samples.push(slack);
    const open = now - this.#opened;
    if (open < leadWindow || (this.#samples.length < leadSamples && open < leadPatient)) return;
    const sorted = this.#samples.sort((a, b) => a - b);
    const least = sorted[0]!;
    const middle = sorted[sorted.length >> 1]!;
    this.#samples = [];
    const target = Math.max(leastSlack, 2 * jitter);
    let change = Math.max(target - middle, Math.min(leastSlack - least, leadStep));
    if (change < 0) {
      // too early costs only delay: come back slowly
      if (change > -leastSlack) return;
      change /= 2;
    }
    this.goal = Math.min(Math.max(this.goal + change, 0), maxLead);
    this.#blind = now + trip + (Math.abs(change) < leadJump ? slewRate * Math.abs(change) : 0);
  }

  /** The prediction time at now, when the server's is server. */
  now(now: number, server: number): number {
    return this.#clock.follow(now, server + this.goal, leadJump);
  }
}
