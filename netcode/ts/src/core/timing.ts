import type { Schema } from "../wire/schema.ts";
import { Clock } from "./clock.ts";
import { Lead } from "./lead.ts";
import { Playback } from "./playback.ts";

/** A seat's three clocks, in the ticks and milliseconds of its game. */
export class Timing {
  readonly clock = new Clock();
  readonly lead = new Lead();
  readonly playback = new Playback();

  /** ms between two snapshots. */
  readonly interval: number;
  /** ms between two ticks. */
  readonly step: number;

  constructor(s: Schema) {
    this.interval = 1000 / s.snapshotRate;
    this.step = 1000 / s.tickRate;
  }

  /** Notes a snapshot of tick that arrived at now; returns its age in ms. */
  snapshot(now: number, tick: number): number {
    const due = tick * this.step;
    this.clock.arrived(now, due);
    this.playback.arrived(now, this.clock.arriving(now) - due, this.interval);
    return this.clock.server(now) - due;
  }

  /** The tick that inputs made now are for, with the fraction of it that has passed. */
  predicted(now: number): number {
    return Math.max(this.lead.now(now, this.clock.server(now)) / this.step, 0);
  }

  /** The tick at which to draw others, with the fraction of it that has passed. */
  drawn(now: number): number {
    return this.playback.now(now, this.clock.arriving(now), this.interval) / this.step;
  }
}
