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
export class Playback {
  readonly #clock = new Slew();
  readonly #late = new Lateness();

  /** Takes a snapshot that came late by late, where one is due every interval. */
  arrived(now: number, late: number, interval: number): void {
    this.#late.arrived(now, late, interval);
  }

  /** How far the render clock is meant to be behind what arrives. */
  delay(interval: number): number {
    return Math.min(interval + this.#late.bound, maxDelay);
  }

  /** The mean deviation of the snapshots' arrival. */
  get jitter(): number {
    return this.#late.deviation;
  }

  /** The match time to draw at now. After a stall it is where it would have been without. */
  now(now: number, arriving: number, interval: number): number {
    return this.#clock.follow(now, arriving - this.delay(interval), playbackJump);
  }
}
