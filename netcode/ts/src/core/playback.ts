import { Lateness } from "./jitter.ts";
import { Slew } from "./slew.ts";

/** How long, in ms, rows go on moving when no snapshot comes. */
export const maxExtrapolation = 250;

const playbackJump = 250;
const maxDelay = 500;

/**
 * Keeps the render clock so far behind what arrives that, with the jitter there
 * is, the snapshot after the one being drawn is there in time. Times are in ms.
 */
export class Playback extends Lateness {
  readonly #clock = new Slew();

  /** How far the render clock is meant to be behind what arrives. */
  delay(interval: number): number {
    return Math.min(interval + this.bound, maxDelay);
  }

  /** The match time to draw at now. After a stall it is where it would have been without. */
  now(now: number, arriving: number, interval: number): number {
    return this.#clock.follow(now, arriving - this.delay(interval), playbackJump);
  }
}
