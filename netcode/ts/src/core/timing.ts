import type { Schema } from "../wire/schema.ts";
import { Clock } from "./clock.ts";
import { Lead } from "./lead.ts";
import { Playback } from "./playback.ts";

const slowWelcome = 500; // ms that hello may be on its way and back; what takes longer was put off by the server, or is for a ping to measure

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
    if (this.clock.arrived(now, due)) this.#setBack(now);
    this.lead.oneWay(this.clock.oneWay);
    this.playback.arrived(now, this.clock.arriving(now) - due, this.interval);
    return this.clock.server(now) - due;
  }

  /** The way to the server is not known: the welcome was slow, and no ping was answered yet. */
  unmeasured = false;

  /** Starts the clocks of a seat, or those of a resumed one again; the server answered hello since ms after tick was due. */
  welcomed(helloAt: number, now: number, tick: number, since: number, again: boolean): void {
    const trip = now - helloAt;
    const match = tick * this.step + since;
    this.unmeasured = trip > slowWelcome;
    if (this.unmeasured) this.clock.answered(helloAt, now, match);
    else this.clock.trip(helloAt, now, match);
    if (again) this.lead.resume(now, trip);
    else if (!this.unmeasured) this.lead.start(trip, this.step);
  }

  /** Notes a reply that arrived at now, to a message sent at sent; the server replied since ms after tick was due. */
  trip(sent: number, now: number, tick: number, since: number): void {
    if (this.clock.trip(sent, now, tick * this.step + since)) this.#setBack(now);
    this.unmeasured = false;
    if (!this.lead.started) this.lead.start(now - sent, this.step);
  }

  /** Follows the clock, which learned that the server dropped time. Reports about what was sent before say nothing. */
  #setBack(now: number): void {
    this.lead.resume(now, 2 * this.clock.oneWay + this.interval);
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
