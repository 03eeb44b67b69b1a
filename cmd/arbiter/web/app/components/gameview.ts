// A canvas with a game, and the messages over it.

import { ArenaPainter } from "../draw/arena.ts";
import type { Bang } from "../draw/scene.ts";
import { Surface } from "../draw/surface.ts";
import { PlainPainter } from "../draw/plain.ts";
import { TagPainter } from "../draw/tag.ts";
import { keyboardView } from "./controls.ts";
import { openAgain } from "./failure.ts";
import { h, setText } from "../dom.ts";
import type { Player } from "../net/player.ts";
import { arenaOf, dotsOf, plainOf, shipsOf, tagOf, type SceneKind } from "../net/scenes.ts";
import type { PlayerColour } from "../theme.ts";
import type { Room } from "arbiter-client";

/** Shots of the player, and how many hit. */
export interface Aim { shots: number; hits: number }

/** Shows one room. */
export class GameView {
  readonly element: HTMLElement;
  readonly aim: Aim = { shots: 0, hits: 0 };
  private surface: Surface;
  private arena: ArenaPainter;
  private tag: TagPainter;
  private plain: PlainPainter;
  private notice = h("p", { class: "notice" });
  private feed = h("p", { class: "feed" });
  private again = h("button", { type: "button", class: "again primary", hidden: true,
    onclick: openAgain }, "Find another match");
  private feedUntil = 0;

  /** keys are those that the player uses; empty for one who only watches. */
  constructor(private kind: SceneKind, colourOf: PlayerColour, label: string, keys: string, pads: HTMLElement | null) {
    const canvas = h("canvas", { role: "img", "aria-label": label });
    const surface = this.surface = new Surface(canvas);
    this.arena = new ArenaPainter(surface, colourOf);
    this.tag = new TagPainter(surface, colourOf);
    this.plain = new PlainPainter(surface, colourOf);
    this.element = h("div", { class: kind === "tag" ? "game-view square" : "game-view", ...(keys && keyboardView(label, keys)) },
      canvas, this.feed, pads, this.notice, this.again);
  }

  /** Subscribes to the events of a room. */
  watch(room: Room<any>): void {
    if (this.kind === "tag") room.onEvent("Touches", () => this.tag.touch());
    if (this.kind === "arena") this.watchArena(room);
  }

  private watchArena(room: Room<any>): void {
    const bang = (e: any, kind: Bang["kind"], by = 0) => this.arena.bang({ x: e.X, y: e.Y, kind }, by);
    room.onEvent("Explosions", (e) => bang(e, e.Ship ? "ship" : "drone"));
    room.onEvent("Hits", (e) => {
      bang(e, "hit", e.By);
      if (e.By === room.player) this.aim.hits++;
    });
    room.onEvent("Kills", (e) => this.announceEvent(`${nameOf(room, e.By)} shot down ${nameOf(room, e.Who)}`));
    room.onEvent("Rounds", (e) => this.announceEvent(e.Winner ? `${nameOf(room, e.Winner)} won the round` : "Draw: a new round starts"));
    room.onAdded("Bullets", (b) => { if (b.Player === room.player) this.aim.shots++; });
  }

  private announceEvent(text: string): void {
    setText(this.feed, text);
    this.feedUntil = performance.now() + 2600;
  }

  /** Shows a message in the middle, or none if it is empty. final: offers another match. */
  announce(text: string, final = false): void {
    setText(this.notice, text);
    this.notice.hidden = text === "";
    this.again.hidden = !final;
  }

  /** Paints the room as it is now. Ghosts are drawn from the spectator's state, if there is one. */
  paint(player: Player, spectator: Room<any> | null, ghosts: boolean): void {
    const room = player.room!;
    this.feed.hidden = performance.now() > this.feedUntil;
    if (!this.surface.seen) return;
    const view = room.interpolated, raw = ghosts ? (spectator ?? room).state : null;
    if (this.kind === "tag") this.tag.paint(tagOf(player, view), raw && tagOf(player, raw).runners);
    else if (this.kind === "plain") this.plain.paint(plainOf(player, view), raw && dotsOf(room, raw));
    else this.arena.paint(arenaOf(player, view), raw && shipsOf(raw));
  }
}

function nameOf(room: Room<any>, player: number): string {
  for (const p of room.state.Pilots) if (p.Player === player) return p.Name;
  return player ? `pilot ${player}` : "a drone";
}
