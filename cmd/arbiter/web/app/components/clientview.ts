// One live client: its game, its network, its settings, its statistics.

import { announce } from "../announce.ts";
import { h, setText } from "../dom.ts";
import { Player, type PlayerOptions } from "../net/player.ts";
import { rulesFor } from "../net/rules.ts";
import { arenaOf, inputFields, sceneOf, tagOf, type SceneKind } from "../net/scenes.ts";
import { attach, Controls, type KeyMap } from "./controls.ts";
import { networkPanel } from "./network.ts";
import { StatsPanel } from "./stats.ts";
import { chase, Hunter, type GameInput } from "./autopilot.ts";
import { textOf } from "./failure.ts";
import { GameView } from "./gameview.ts";
import { defaults, settingsPanel, type Settings } from "./settings.ts";
import { touchPads } from "./touch.ts";
import type { PlayerColour } from "../theme.ts";
import type { Room, Status } from "arbiter-client";

export interface ClientViewOptions {
  player: PlayerOptions;
  keys: KeyMap;
  hint: string;       // which keys
  colour: () => string;
  colourOf: PlayerColour;
  spectator: () => Room<any> | null; // sees the match through a link without faults
}

/** A client of this page that can be watched and played, and whose network can be degraded. */
export class ClientView {
  readonly element: HTMLElement;
  readonly player: Player;
  readonly settings: Settings = { ...defaults };
  private controls: Controls;
  private view: GameView;
  private stats: StatsPanel;
  private settingsPanel: ReturnType<typeof settingsPanel>;
  private pill = h("span", { class: "pill", "data-phase": "connecting" }, "connecting");
  private score = h("span", { class: "score" });
  private hunter = new Hunter();
  private decided = 0;
  private kind: SceneKind;
  private spectates: boolean;
  private detach: () => void;
  private down = false; // shot down, not back yet

  constructor(private options: ClientViewOptions) {
    this.player = new Player(options.player);
    this.kind = sceneOf(options.player.game);
    if (this.kind === "plain") this.settings.autopilot = false;
    this.spectates = !!options.player.spectate;
    this.controls = new Controls(options.keys);
    this.controls.ontouch = () => this.takeOver();
    this.view = new GameView(this.kind, options.colourOf, `${options.player.game}, as ${options.player.name} sees it`,
      this.spectates ? "" : options.hint, this.spectates ? null : touchPads(this.controls, this.kind !== "tag"));
    this.stats = new StatsPanel(options.colour, !this.spectates, options.player.name);
    this.settingsPanel = settingsPanel(this.settings, this.kind, options.player.name, (what) => this.apply(what));
    this.element = this.build();
    this.detach = attach(this.controls);
    this.player.onstatus = (s) => this.show(s);
    this.player.onjoined = (room) => this.joined(room);
  }

  private build(): HTMLElement {
    const { player, hint } = this.options;
    const glyph = h("span", { class: "glyph", "aria-hidden": "true" });
    return h("article", { class: "client", "data-name": player.name },
      h("header", {}, glyph, h("h2", {}, player.name), this.score, !this.spectates && h("kbd", { class: "hint", title: "Click the picture, or move to it with the tab key, and play with these keys" }, hint),
        !this.spectates && this.kind !== "plain" && this.settingsPanel.autopilot, this.pill),
      this.view.element,
      h("div", { class: "under" }, networkPanel(this.player.link, player.name), !this.spectates && this.settingsPanel.element, this.stats.element));
  }

  async start(): Promise<void> {
    this.view.announce("connecting…");
    await this.player.start();
    if (!this.player.failure) return;
    this.view.announce(this.player.failure, true);
    this.say(this.player.failure);
  }

  private joined(room: Room<any>): void {
    this.view.watch(room);
    this.stats.watch(room);
    this.view.announce("");
    for (const what of ["prediction", "interpolation", "compensation"] as const) this.apply(what);
  }

  private apply(what: keyof Settings): void {
    const { room } = this.player;
    if (!room) return;
    if (what === "interpolation") room.interpolate(this.settings.interpolation);
    if (what === "compensation") room.claims(this.settings.compensation);
    if (what === "prediction" && !this.spectates) void this.predict();
    if (what === "autopilot") this.letGo(room);
  }

  private async predict(): Promise<void> {
    if (this.settings.prediction === "off") return this.player.predict(null);
    try {
      const rules = await rulesFor(this.options.player.game);
      if (this.settings.prediction === "wasm") this.player.predict(rules);
    } catch (e) {
      this.settings.prediction = "off";
      this.settingsPanel.predictionFailed(textOf(e));
      this.say(`Prediction is off. ${textOf(e)}`);
    }
  }

  /** The player takes over from the autopilot. */
  private takeOver(): void {
    if (!this.settings.autopilot) return;
    this.settings.autopilot = false;
    this.settingsPanel.autopilotOff();
  }

  private show(s: Status): void {
    const was = this.element.dataset.phase ?? "connecting";
    const phase = this.spectates && s.phase === "playing" ? "watching" : s.phase;
    setText(this.pill, phase + (s.phase === "resuming" || s.phase === "reconnecting" ? "…" : ""));
    this.pill.dataset.phase = s.phase;
    this.element.dataset.phase = s.phase;
    this.pill.title = s.reason;
    if (s.phase !== was) this.say(`${phase}. ${s.reason}`);
    if (s.phase === "closed") this.view.announce(s.reason, true);
    else if (this.player.room) this.view.announce(s.phase === "playing" ? "" : `${s.phase}… ${s.reason}`);
  }

  /** Reads the controls, paints and samples. Called in each animation frame. */
  frame(now: number): void {
    const { room } = this.player;
    if (!room) return;
    if (!this.spectates) this.steer(room, now);
    this.view.paint(this.player, this.options.spectator(), this.settings.ghosts);
    this.stats.frame(room);
    this.count(room);
  }

  private steer(room: Room<any>, now: number): void {
    if (this.settings.autopilot) {
      if (now - this.decided < 90) return;
      this.decided = now;
      room.input(this.kind === "tag" ? chase(tagOf(this.player, room.interpolated), now) : this.hunter.decide(arenaOf(this.player, room.interpolated), now));
      return;
    }
    if (this.kind === "plain") return room.input(this.controls.plainInput(inputFields(room)));
    const own = this.kind === "tag" ? undefined : (room.own("Ships")[0] as { Angle: number; Spin: number } | undefined);
    const input: GameInput = this.kind === "tag" ? this.controls.tagInput() : this.controls.arenaInput(own?.Angle, own?.Spin ?? 0);
    room.input(input);
  }

  private count(room: Room<any>): void {
    if (this.kind === "plain") return;
    const rows = this.kind === "tag" ? room.state.Runners : room.state.Pilots;
    for (const p of rows) {
      if (p.Player !== room.player) continue;
      const { shots, hits } = this.view.aim;
      setText(this.score, `${p.Score}` + (shots > 0 ? ` · ${hits}/${shots} shots hit` : ""));
      return this.showRespawn(room, p.Back ?? 0);
    }
  }

  private showRespawn(room: Room<any>, back: number): void {
    if (room.status.phase !== "playing") return;
    const left = (back - this.player.tick) / room.tickRate;
    if (back > 0 && !this.down && !this.settings.autopilot) this.say(`Shot down. Back in ${Math.ceil(left)} seconds.`);
    this.down = back > 0;
    this.view.announce(back > 0 ? `Shot down. Back in ${Math.max(left, 0).toFixed(1)} s` : "");
  }

  /** Announces what happened to this client. */
  private say(what: string): void { announce(`${this.options.player.name}: ${what}`); }

  /** Moves the focus to the picture, so that keys play. */
  focus(): void { this.view.element.focus({ preventScroll: true }); }

  /** Releases all controls, because the page was hidden. */
  releaseControls(): void {
    this.controls.release();
    if (this.player.room) this.letGo(this.player.room);
  }

  /** Sets the input of a player who does nothing. */
  private letGo(room: Room<any>): void {
    if (this.kind === "plain") room.input(new Controls({}).plainInput(inputFields(room)));
    else room.input(idle(this.kind));
  }

  stop(): void {
    this.detach();
    this.player.stop();
  }
}

const idle = (kind: SceneKind): GameInput => (kind === "tag" ? { X: 0, Y: 0 } : { Thrust: 0, Turn: 0, Fire: false });
