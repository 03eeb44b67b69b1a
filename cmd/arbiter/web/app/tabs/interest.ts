// Interest management: what one client is sent of a large arena, and what it is not.

import { h, setText } from "../dom.ts";
import { MapPainter, type Circle } from "../draw/map.ts";
import type { Arena } from "../draw/scene.ts";
import { Surface } from "../draw/surface.ts";
import { Bots } from "../net/bots.ts";
import { findMatch } from "../net/api.ts";
import { Player } from "../net/player.ts";
import { rulesFor } from "../net/rules.ts";
import { arenaOf } from "../net/scenes.ts";
import { attach, Controls, keyboardView, leftHand, rightHand } from "../components/controls.ts";
import { Notice, textOf } from "../components/failure.ts";
import { Hunter } from "../components/autopilot.ts";
import { Plot } from "../components/plot.ts";
import { touchPads } from "../components/touch.ts";
import { colours } from "../theme.ts";
import type { Tab } from "./tab.ts";

const game = "arena-large";
/** The radius of a player's area of interest by the rules of arena-large, in units. */
const viewRadius = 600;
const bots = 6;

/** The tab of interest management. */
export class Interest implements Tab {
  readonly element: HTMLElement;
  private player: Player | null = null;
  private spectator: Player | null = null;
  private bots: Bots | null = null;
  private controls = new Controls({ ...leftHand, ...rightHand });
  private detach = attach(this.controls);
  private hunter = new Hunter();
  private autopilot = true;
  private map: MapPainter;
  private notice = new Notice("connecting…");
  private sent = h("b", {}, "–");
  private total = h("b", {}, "–");
  private share = h("b", {}, "–");
  private moved = h("p", { class: "small" });
  private prediction = h("p", { class: "small" });
  private plots: { mine: Plot; whole: Plot };
  private bytes = { mine: 0, whole: 0 };
  private drones = { entered: 0, left: 0 };
  private sampledAt = 0;
  private decided = 0;
  private ended = false;
  private area: Circle | null = null;

  constructor() {
    this.controls.ontouch = () => { this.autopilot = false; };
    const canvas = h("canvas", { role: "img", "aria-label": "Map of the large arena" });
    this.map = new MapPainter(new Surface(canvas), (p) => this.colourOf(p));
    this.plots = {
      mine: new Plot({ name: "sent to you", unit: "B", title: "Size of this player's snapshots", least: 120, clip: true }, () => colours().sides[0]),
      whole: new Plot({ name: "sent to a spectator", unit: "B", title: "Size of the snapshots of a spectator, who receives everything", least: 120, clip: true }, () => colours().dim),
    };
    const figure = (b: HTMLElement, text: string) => h("div", { class: "figure" }, b, h("span", {}, text));
    this.element = h("div", {},
      h("div", { class: "strip" }, h("div", { class: "lead" }, h("h1", {}, "Interest management"),
        h("p", {}, "About 440 drones drift in a field sixteen times the normal size. The server sends each player only what is inside their circle, and never encodes the rest for them. Grey dots are what you were not sent: the page gets them from a spectator, who receives everything."))),
      h("div", { class: "interest" },
        h("div", { class: "game-view", ...keyboardView("Map of the large arena", "W A S D and space, or the arrow keys and enter") },
          canvas, touchPads(this.controls, true), ...this.notice.elements),
        h("aside", {}, h("div", { class: "figures-big" }, figure(this.sent, "rows sent to you"), figure(this.total, "rows in the match"), figure(this.share, "of the match is sent to you")),
          this.plots.mine.element, this.plots.whole.element, this.moved, this.prediction,
          h("p", { class: "small" }, "Click the map, or move to it with the tab key, and fly with W A S D and space, or the arrow keys and enter. The autopilot flies until you do."))));
    void this.open();
  }

  private async open(): Promise<void> {
    try {
      const match = (await findMatch(game, 40)).id;
      if (this.ended) return;
      this.player = new Player({ game, match, name: "Ann" });
      this.spectator = new Player({ game, match, spectate: true, name: "all" });
      this.bots = new Bots(game, match);
      this.player.onstatus = (s) => {
        if (s.phase === "closed") this.notice.show(s.reason, true);
        else this.notice.show(s.phase === "playing" ? "" : `${s.phase}… ${s.reason}`);
      };
      this.player.onjoined = (room) => {
        room.onSnapshot((s) => { this.bytes.mine = Math.max(this.bytes.mine, s.bytes); });
        room.onAdded("Drones", () => { this.drones.entered++; });
        room.onRemoved("Drones", () => { this.drones.left++; });
        this.drones = { entered: 0, left: 0 };
      };
      this.spectator.onjoined = (room) => room.onSnapshot((s) => { if (!s.keyframe) this.bytes.whole = Math.max(this.bytes.whole, s.bytes); });
      await Promise.all([this.player.start(), this.spectator.start()]);
      if (this.player.failure) this.notice.show(this.player.failure, true);
      else this.player.predict(await rulesFor(game).catch((e: unknown) => this.unpredicted(e)));
      const pilots = this.player.room?.state.Pilots.size ?? 0;
      if (!this.ended) this.bots.set(Math.max(0, bots - pilots));
    } catch (e) {
      if (!this.ended) this.notice.show(textOf(e), true);
    }
  }

  private unpredicted(why: unknown): null {
    setText(this.prediction, `Prediction is off. ${textOf(why)}`);
    return null;
  }

  private colourOf(player: number): string {
    const c = colours();
    return player === this.player?.room?.player ? c.sides[0] : c.others[player % c.others.length]!;
  }

  frame(now: number): void {
    const room = this.player?.room;
    if (!room) return;
    const sent = arenaOf(this.player!, room.interpolated);
    const everything = this.spectator?.room;
    const all = everything ? arenaOf(this.spectator!, everything.interpolated) : null;
    const own = sent.ships.find((s) => s.player === room.player);
    if (own) this.area = { x: own.x, y: own.y, radius: viewRadius };
    if (!this.autopilot) room.input(this.controls.arenaInput(own?.angle, own?.spin ?? 0));
    else if (now - this.decided > 90) {
      this.decided = now;
      room.input(this.hunter.decide(sent, now));
    }
    this.map.paint(sent, all, this.area);
    this.count(sent, all, now);
  }

  private count(sent: Arena, all: Arena | null, now: number): void {
    if (now - this.sampledAt < 100) return;
    this.sampledAt = now;
    const rows = (a: Arena) => a.ships.length + a.bullets.length + a.drones.length;
    setText(this.sent, String(rows(sent)));
    if (all) {
      setText(this.total, String(rows(all)));
      setText(this.share, `${Math.round((100 * rows(sent)) / Math.max(rows(all), 1))}%`);
    }
    this.element.dataset.sent = String(rows(sent));
    this.element.dataset.rows = String(all ? rows(all) : 0);
    setText(this.moved, `Drones that entered the circle: ${this.drones.entered}; left it: ${this.drones.left}.`);
    for (const side of ["mine", "whole"] as const) {
      if (this.bytes[side] > 0) this.plots[side].push(this.bytes[side]);
      this.bytes[side] = 0;
      this.plots[side].paint();
    }
  }

  releaseControls(): void {
    this.controls.release();
    this.player?.room?.input({ Thrust: 0, Turn: 0, Fire: false });
  }

  stop(): void {
    this.ended = true;
    this.detach();
    this.bots?.set(0);
    this.player?.stop();
    this.spectator?.stop();
  }
}
