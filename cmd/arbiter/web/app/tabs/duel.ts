// Two live clients of one match, side by side.

import { h, say } from "../dom.ts";
import { Bots } from "../net/bots.ts";
import { findMatch } from "../net/api.ts";
import { Player } from "../net/player.ts";
import { leftHand, rightHand } from "../parts/controls.ts";
import { Pane } from "../parts/pane.ts";
import { colours } from "../theme.ts";
import type { Tab } from "./tab.ts";

export interface DuelText { title: string; text: string }

const names = ["Ann", "Bob"] as const;
/** With fewer than this in a match, bots come. */
const company = 4;
const crowd = 10;

/** The tab of a game for two. */
export class Duel implements Tab {
  readonly element: HTMLElement;
  readonly panes: Pane[] = [];
  private truth: Player | null = null;
  private bots: Bots | null = null;
  private botCount = h("output", {}, "0");
  private link = h("a", { class: "match-link", title: "Opens this match alone: send it to somebody" });
  private body = h("div", { class: "duel" });
  private ended = false;
  private decided = false;

  constructor(private game: string, text: DuelText) {
    const more = (by: number) => () => this.company((this.bots?.count ?? 0) + by);
    this.element = h("div", {},
      h("div", { class: "strip" },
        h("div", { class: "lead" }, h("h1", {}, text.title), h("p", {}, text.text)),
        h("div", { class: "match" }, this.link,
          h("div", { class: "stepper", role: "group", "aria-label": "Bots" }, h("span", { class: "label" }, "Bots"),
            h("button", { type: "button", "aria-label": "one bot fewer", onclick: more(-1) }, "−"), this.botCount,
            h("button", { type: "button", "aria-label": "one bot more", onclick: more(1) }, "+")))),
      this.body);
    void this.open();
  }

  private async open(): Promise<void> {
    try {
      const match = await findMatch(this.game, crowd);
      if (this.ended) return;
      this.enter(match.id);
    } catch (e) {
      this.body.replaceChildren(h("p", { class: "failure" }, e instanceof Error ? e.message : String(e)));
    }
  }

  private enter(match: string): void {
    this.link.href = `#matches/${this.game}/${match}`;
    say(this.link, `match ${match}`);
    this.truth = new Player({ game: this.game, match, spectate: true, name: "ghosts" });
    this.bots = new Bots(this.game, match);
    names.forEach((name, i) => {
      const pane = new Pane({
        place: { game: this.game, match, name },
        keys: i === 0 ? leftHand : rightHand,
        hint: i === 0 ? (this.game === "tag" ? "W A S D" : "W A S D + space") : this.game === "tag" ? "← ↑ ↓ →" : "← ↑ ↓ → + enter",
        colour: () => colours().sides[i]!,
        livery: (player) => this.livery(player),
        truth: () => this.truth?.room ?? null,
      });
      pane.element.classList.add(i === 0 ? "side-a" : "side-b");
      this.panes.push(pane);
      void pane.start();
    });
    void this.truth.start();
    this.body.replaceChildren(...this.panes.map((p) => p.element));
  }

  private livery(player: number): string {
    const side = this.panes.findIndex((p) => p.player.room?.player === player);
    const c = colours();
    return side >= 0 ? c.sides[side]! : c.others[player % c.others.length]!;
  }

  private company(count: number): void {
    this.bots?.set(count);
    say(this.botCount, String(this.bots?.count ?? 0));
  }

  /** Bots come once, if both clients play and few others do. */
  private invite(): void {
    if (this.decided || this.panes.length === 0 || !this.panes.every((p) => p.player.room)) return;
    this.decided = true;
    const state = this.panes[0]!.player.room!.state;
    const there = (this.game === "tag" ? state.Runners : state.Pilots).size;
    this.company(Math.max(0, company - Math.max(there, 2)));
  }

  frame(now: number): void {
    this.invite();
    for (const pane of this.panes) pane.frame(now);
  }

  rest(): void { for (const pane of this.panes) pane.rest(); }

  stop(): void {
    this.ended = true;
    for (const pane of this.panes) pane.stop();
    this.bots?.set(0);
    this.truth?.stop();
  }
}
