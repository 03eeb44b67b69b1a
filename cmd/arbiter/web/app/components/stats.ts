// Live statistics of one client, as plots and numbers.

import { h, setText } from "../dom.ts";
import type { Room } from "arbiter-client";
import { Plot, type PlotKind } from "./plot.ts";

const kinds = {
  trip: { name: "round trip", unit: "ms", title: "Measured by pings over this client's connection", least: 20 },
  bytes: { name: "snapshot", unit: "B", title: "Size of a snapshot as received; the largest in each tenth of a second", least: 60, clip: true },
  correction: { name: "correction", unit: "units", title: "How far a snapshot moved your player from where it was predicted", least: 1, digits: 1 },
  slack: { name: "input margin", unit: "ms", title: "How early inputs arrive before the tick they are for; below zero they are late", least: 30, signed: true },
  age: { name: "snapshot age", unit: "ms", title: "Age of the newest state, by the server's clock", least: 50 },
} satisfies Record<string, PlotKind>;

type Name = keyof typeof kinds;

/** Plots of the last 15 s, and all statistics on demand. Spectators have no inputs and no prediction. */
export class StatsPanel {
  readonly element: HTMLElement;
  private plots: Record<Name, Plot>;
  private figures = new Map<string, HTMLElement>();
  private list = h("dl", { class: "figures" });
  private details: HTMLDetailsElement;
  private bytes = 0;
  private correction = 0;
  private slack = 0;
  private sampledAt = 0;
  private shownAt = 0;

  constructor(colour: () => string, plays: boolean, name: string) {
    this.plots = Object.fromEntries(Object.entries(kinds).map(([k, kind]) => [k, new Plot(kind, colour)])) as Record<Name, Plot>;
    this.details = h("details", {}, h("summary", {}, "All statistics"), this.list);
    this.element = h("section", { class: "stats", "aria-label": `Statistics of ${name}` },
      h("div", { class: "plots" }, ...Object.entries(this.plots).filter(([k]) => plays || (k !== "slack" && k !== "correction")).map(([, p]) => p.element)), this.details);
  }

  watch(room: Room<any>): void {
    room.onSnapshot((s) => {
      this.bytes = Math.max(this.bytes, s.bytes);
      this.correction = Math.max(this.correction, s.correction);
      if (s.slack != null) this.slack = s.slack;
    });
  }

  /** Samples and paints every tenth of a second. */
  frame(room: Room<any>): void {
    const now = performance.now();
    if (now - this.sampledAt < 100) return;
    this.sampledAt = now;
    const s = room.stats, p = this.plots;
    p.trip.push(s.rtt);
    if (this.bytes > 0) p.bytes.push(this.bytes);
    p.correction.push(this.correction);
    if (room.player) p.slack.push(this.slack);
    p.age.push(s.age);
    this.bytes = this.correction = 0;
    for (const plot of Object.values(p)) plot.paint();
    this.showFigures(room, now);
  }

  private showFigures(room: Room<any>, now: number): void {
    if (!this.details.open || now - this.shownAt < 500) return;
    this.shownAt = now;
    const s = room.stats;
    this.figure("received", rate(s.inRate));
    this.figure("sent", rate(s.outRate));
    this.figure("jitter", ms(s.jitter));
    this.figure("prediction lead", ms(s.lead));
    this.figure("interpolation delay", ms(s.delay));
    this.figure("snapshots", String(s.snapshots));
    this.figure("snapshots skipped", String(s.skipped));
    this.figure("keyframes", String(s.keyframes));
    this.figure("resumes", String(s.resumes));
    this.figure("inputs sent", String(s.inputsSent));
    this.figure("inputs applied", String(s.inputsApplied));
    this.figure("inputs lost", String(s.inputsLost), s.inputsLost > 0);
    this.figure("inputs repeated", String(s.inputsRepeated), s.inputsRepeated > 0);
    this.figure("corrections", String(s.corrections));
    this.figure("largest correction", s.largest.toFixed(2));
    this.figure("state checks", String(s.hashChecks));
    this.figure("state mismatches", String(s.hashMismatches), s.hashMismatches > 0);
  }

  private figure(name: string, value: string, alarm = false): void {
    let el = this.figures.get(name);
    if (!el) {
      el = h("dd", { "data-figure": name });
      this.figures.set(name, el);
      this.list.append(h("div", {}, h("dt", {}, name), el));
    }
    setText(el, value);
    el.classList.toggle("alarm", alarm);
  }
}

const ms = (v: number) => `${Math.round(v)} ms`;
const rate = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB/s`;
