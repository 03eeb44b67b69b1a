// One live client: its game, its network, its switches, its numbers.

import { h, say } from "../dom.ts";
import { Player, type Place } from "../net/player.ts";
import { rulesFor } from "../net/rules.ts";
import { arenaOf, tagOf } from "../net/scenes.ts";
import { attach, Controls, type KeyMap } from "./controls.ts";
import { networkPanel } from "./network.ts";
import { Panel } from "./panel.ts";
import { chase, Hunter, type Wish } from "./pilot.ts";
import { Stage } from "./stage.ts";
import { defaults, switchPanel, type Settings } from "./switches.ts";
import { touchPads } from "./touch.ts";
import type { PlayerColour } from "../theme.ts";
import type { Room, Status } from "arbiter-client";

export interface PaneOptions {
  place: Place;
  keys: KeyMap;
  hint: string;       // which keys
  colour: () => string;
  livery: PlayerColour;
  truth: () => Room<any> | null; // a view of the match through a clean line
}

/** A client of this page that can be seen, played and mistreated. */
export class Pane {
  readonly element: HTMLElement;
  readonly player: Player;
  readonly settings: Settings = { ...defaults };
  private controls: Controls;
  private stage: Stage;
  private panel: Panel;
  private switches: ReturnType<typeof switchPanel>;
  private pill = h("span", { class: "pill", "data-phase": "connecting" }, "connecting");
  private score = h("span", { class: "score" });
  private hunter = new Hunter();
  private decided = 0;
  private tag: boolean;
  private watching: boolean;
  private detach: () => void;

  constructor(private options: PaneOptions) {
    this.player = new Player(options.place);
    this.tag = options.place.game === "tag";
    this.watching = !!options.place.spectate;
    this.controls = new Controls(options.keys);
    this.controls.ontouch = () => this.land();
    this.stage = new Stage(this.tag, options.livery, `${options.place.game}, as ${options.place.name} sees it`,
      this.watching ? null : touchPads(this.controls, !this.tag));
    this.panel = new Panel(options.colour, !this.watching);
    this.switches = switchPanel(this.settings, this.tag, (what) => this.apply(what));
    this.element = this.build();
    this.detach = attach(this.controls);
    this.player.onstatus = (s) => this.show(s);
    this.player.onjoined = (room) => this.joined(room);
  }

  private build(): HTMLElement {
    const { place, hint } = this.options;
    const glyph = h("span", { class: "glyph", "aria-hidden": "true" });
    return h("article", { class: "pane", "data-name": place.name },
      h("header", {}, glyph, h("h2", {}, place.name), this.score, h("kbd", { class: "hint" }, this.watching ? "watching" : hint),
        !this.watching && this.switches.autopilot, this.pill),
      this.stage.element,
      h("div", { class: "under" }, networkPanel(this.player.line), !this.watching && this.switches.element, this.panel.element));
  }

  async start(): Promise<void> {
    this.stage.announce("connecting…");
    await this.player.start();
    if (this.player.failure) this.stage.announce(this.player.failure, true);
  }

  private joined(room: Room<any>): void {
    this.stage.watch(room);
    this.panel.watch(room);
    this.stage.announce("");
    for (const what of ["prediction", "interpolation", "compensation"] as const) this.apply(what);
  }

  private apply(what: keyof Settings): void {
    const { room } = this.player;
    if (!room) return;
    if (what === "interpolation") room.interpolate(this.settings.interpolation);
    if (what === "compensation") room.claims(this.settings.compensation);
    if (what === "prediction" && !this.watching) void this.predict();
    if (what === "autopilot") room.input(idle(this.tag));
  }

  private async predict(): Promise<void> {
    if (this.settings.prediction === "off") return this.player.predict(null);
    try {
      const rules = await rulesFor(this.options.place.game);
      if (this.settings.prediction === "wasm") this.player.predict(rules);
    } catch (e) {
      this.settings.prediction = "off";
      this.switches.prediction.set("off");
      this.switches.prediction.allow("wasm", false, e instanceof Error ? e.message : String(e));
    }
  }

  /** A person takes over from the autopilot. */
  private land(): void {
    if (!this.settings.autopilot) return;
    this.settings.autopilot = false;
    this.switches.land();
  }

  private show(s: Status): void {
    say(this.pill, s.phase + (s.phase === "resuming" || s.phase === "reconnecting" ? "…" : ""));
    this.pill.dataset.phase = s.phase;
    this.element.dataset.phase = s.phase;
    this.pill.title = s.reason;
    if (s.phase === "closed") this.stage.announce(s.reason, true);
    else if (this.player.room) this.stage.announce(s.phase === "playing" ? "" : `${s.phase}… ${s.reason}`);
  }

  /** Reads the controls, paints, samples. Called for each picture. */
  frame(now: number): void {
    const { room } = this.player;
    if (!room) return;
    if (!this.watching) this.steer(room, now);
    this.stage.paint(this.player, this.options.truth(), this.settings.ghosts);
    this.panel.frame(room);
    this.count(room);
  }

  private steer(room: Room<any>, now: number): void {
    if (this.settings.autopilot) {
      if (now - this.decided < 90) return;
      this.decided = now;
      room.input(this.tag ? chase(tagOf(this.player, room.interpolated), now) : this.hunter.decide(arenaOf(this.player, room.interpolated), now));
      return;
    }
    const own = this.tag ? undefined : (room.own("Ships")[0] as { Angle: number; Spin: number } | undefined);
    const wish: Wish = this.tag ? this.controls.run() : this.controls.fly(own?.Angle, own?.Spin ?? 0);
    room.input(wish);
  }

  private count(room: Room<any>): void {
    const rows = this.tag ? room.state.Runners : room.state.Pilots;
    for (const p of rows) {
      if (p.Player !== room.player) continue;
      const { shots, hits } = this.stage.aim;
      say(this.score, `${p.Score}` + (shots > 0 ? ` · ${hits}/${shots} shots hit` : ""));
      return this.comeBack(room, p.Back ?? 0);
    }
  }

  private comeBack(room: Room<any>, back: number): void {
    if (room.status.phase !== "playing") return;
    const left = (back - this.player.tick) / room.tickRate;
    this.stage.announce(back > 0 ? `shot down: back in ${Math.max(left, 0).toFixed(1)} s` : "");
  }

  /** Lets go of everything: of the keys too, for a hidden page. */
  rest(): void {
    this.controls.release();
    this.player.room?.input(idle(this.tag));
  }

  stop(): void {
    this.detach();
    this.player.stop();
  }
}

const idle = (tag: boolean): Wish => (tag ? { X: 0, Y: 0 } : { Thrust: 0, Turn: 0, Fire: false });
