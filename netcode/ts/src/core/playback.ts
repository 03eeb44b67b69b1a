import { Jitter } from "./jitter.ts";
import { Slew } from "./slew.ts";

/** For how many ms rows keep moving (extrapolation) when no snapshot comes. */
export const maxExtrapolation = 250;

const playbackJump = 250;
const maxDelay = 500;

/**
 * The jitter buffer: keeps the render clock just far enough behind the arriving snapshots for
 * the next snapshot to be there in time, at the jitter measured. Times are in ms.
 */
export class Playback extends Jitter {
  readonly #clock = new Slew();

  /** How far the render clock should be behind the arriving snapshots. */
  delay(interval: number): number {
    return Math.min(interval + this.bound, maxDelay);
  }

  /** The match time to draw now. After a stall it is where it would have been without one. */
  now(now: number, arriving: number, interval: number): number {
    return this.#clock.follow(now, arriving - this.delay(interval), playbackJump);
  }
}
