// A large arena: what one client was sent of it, and what it was not.

import { h, say } from "../dom.ts";
import { MapPainter, type Circle } from "../draw/map.ts";
import type { Arena } from "../draw/scene.ts";
import { Surface } from "../draw/surface.ts";
import { Bots } from "../net/bots.ts";
import { findMatch } from "../net/api.ts";
import { Player } from "../net/player.ts";
import { rulesFor } from "../net/rules.ts";
import { arenaOf } from "../net/scenes.ts";
import { attach, Controls, leftHand, rightHand } from "../parts/controls.ts";
import { Hunter } from "../parts/pilot.ts";
import { Plot } from "../parts/plot.ts";
import { touchPads } from "../parts/touch.ts";
import { colours } from "../theme.ts";
import type { Tab } from "./tab.ts";

const game = "arena-large";
/** The radius that the rules of arena-large give an eye, in units. */
const sight = 600;
const bots = 6;

/** The tab of areas of interest. */
export class Interest implements Tab {
  readonly element: HTMLElement;
  private player: Player | null = null;
  private all: Player | null = null;
  private bots: Bots | null = null;
  private controls = new Controls({ ...leftHand, ...rightHand });
  private detach = attach(this.controls);
  private hunter = new Hunter();
  private autopilot = true;
  private map: MapPainter;
  private notice = h("p", { class: "notice", role: "status" }, "connecting…");
  private sent = h("b", {}, "–");
  private there = h("b", {}, "–");
  private share = h("b", {}, "–");
  private moved = h("p", { class: "small" });
  private plots: { mine: Plot; whole: Plot };
  private bytes = { mine: 0, whole: 0 };
  private tally = { entered: 0, left: 0 };
  private ticked = 0;
  private decided = 0;
  private ended = false;
  private eye: Circle | null = null;

  constructor() {
    this.controls.ontouch = () => { this.autopilot = false; };
    const canvas = h("canvas", { role: "img", "aria-label": "Map of the large arena" });
    this.map = new MapPainter(new Surface(canvas), (p) => this.livery(p));
    this.plots = {
      mine: new Plot({ name: "sent to you", unit: "B", title: "Bytes of a snapshot of this player", least: 120, clip: true }, () => colours().sides[0]),
      whole: new Plot({ name: "sent to one who sees all", unit: "B", title: "Bytes of a snapshot of a spectator", least: 120, clip: true }, () => colours().dim),
    };
    const figure = (b: HTMLElement, text: string) => h("div", { class: "figure" }, b, h("span", {}, text));
    this.element = h("div", {},
      h("div", { class: "strip" }, h("div", { class: "lead" }, h("h1", {}, "Sent what matters"),
        h("p", {}, "Some 440 drones drift in a field sixteen times as large. The server sends a player what lies within his circle, and never encodes the rest for him. Grey dots are what he was not sent; a spectator, who sees everything, supplies them here."))),
      h("div", { class: "interest" },
        h("div", { class: "stage" }, canvas, this.notice, touchPads(this.controls, true)),
        h("aside", {}, h("div", { class: "figures-big" }, figure(this.sent, "rows you are sent"), figure(this.there, "rows in the match"), figure(this.share, "of the match is sent to you")),
          this.plots.mine.element, this.plots.whole.element, this.moved,
          h("p", { class: "small" }, "Fly with W A S D and space, or the arrows and enter. Until then the autopilot does."))));
    void this.open();
  }

  private async open(): Promise<void> {
    try {
      const match = (await findMatch(game, 40)).id;
      if (this.ended) return;
      this.player = new Player({ game, match, name: "Ann" });
      this.all = new Player({ game, match, spectate: true, name: "all" });
      this.bots = new Bots(game, match);
      this.player.onstatus = (s) => { this.say(s.phase === "playing" ? "" : `${s.phase}… ${s.reason}`); };
      this.player.onjoined = (room) => {
        room.onSnapshot((s) => { this.bytes.mine = Math.max(this.bytes.mine, s.bytes); });
        room.onAdded("Drones", () => { this.tally.entered++; });
        room.onRemoved("Drones", () => { this.tally.left++; });
        this.tally = { entered: 0, left: 0 };
      };
      this.all.onjoined = (room) => room.onSnapshot((s) => { if (!s.keyframe) this.bytes.whole = Math.max(this.bytes.whole, s.bytes); });
      await Promise.all([this.player.start(), this.all.start()]);
      if (this.player.failure) this.say(this.player.failure);
      else this.player.predict(await rulesFor(game).catch(() => null));
      const pilots = this.player.room?.state.Pilots.size ?? 0;
      if (!this.ended) this.bots.set(Math.max(0, bots - pilots));
    } catch (e) {
      this.say(e instanceof Error ? e.message : String(e));
    }
  }

  private say(text: string): void {
    say(this.notice, text);
    this.notice.hidden = text === "";
  }

  private livery(player: number): string {
    const c = colours();
    return player === this.player?.room?.player ? c.sides[0] : c.others[player % c.others.length]!;
  }

  frame(now: number): void {
    const room = this.player?.room;
    if (!room) return;
    const sent = arenaOf(this.player!, room.interpolated);
    const spectator = this.all?.room;
    const all = spectator ? arenaOf(this.all!, spectator.interpolated) : null;
    const own = sent.ships.find((s) => s.player === room.player);
    if (own) this.eye = { x: own.x, y: own.y, radius: sight };
    if (!this.autopilot) room.input(this.controls.fly(own?.angle, own?.spin ?? 0));
    else if (now - this.decided > 90) {
      this.decided = now;
      room.input(this.hunter.decide(sent, now));
    }
    this.map.paint(sent, all, this.eye);
    this.count(sent, all, now);
  }

  private count(sent: Arena, all: Arena | null, now: number): void {
    if (now - this.ticked < 100) return;
    this.ticked = now;
    const rows = (a: Arena) => a.ships.length + a.bullets.length + a.drones.length;
    say(this.sent, String(rows(sent)));
    if (all) {
      say(this.there, String(rows(all)));
      say(this.share, `${Math.round((100 * rows(sent)) / Math.max(rows(all), 1))} %`);
    }
    this.element.dataset.sent = String(rows(sent));
    this.element.dataset.rows = String(all ? rows(all) : 0);
    say(this.moved, `Drones that came into the circle so far: ${this.tally.entered}. That left it: ${this.tally.left}.`);
    for (const side of ["mine", "whole"] as const) {
      if (this.bytes[side] > 0) this.plots[side].push(this.bytes[side]);
      this.bytes[side] = 0;
      this.plots[side].paint();
    }
  }

  rest(): void {
    this.controls.release();
    this.player?.room?.input({ Thrust: 0, Turn: 0, Fire: false });
  }

  stop(): void {
    this.ended = true;
    this.detach();
    this.bots?.set(0);
    this.player?.stop();
    this.all?.stop();
  }
}
