// Two live clients of one match, side by side.

import { h, setText } from "../dom.ts";
import { Bots } from "../net/bots.ts";
import { findMatch } from "../net/api.ts";
import { Player } from "../net/player.ts";
import { leftHand, rightHand } from "../components/controls.ts";
import { ClientView } from "../components/clientview.ts";
import { failure, textOf } from "../components/failure.ts";
import { colours } from "../theme.ts";
import type { Tab } from "./tab.ts";

export interface DuelText { title: string; text: string }

const names = ["Ann", "Bob"] as const;
/** Bots are added up to this number of players. */
const minPlayers = 4;
/** A fuller match is not joined. */
const maxPlayers = 10;

/** The tab of a game for two. */
export class Duel implements Tab {
  readonly element: HTMLElement;
  readonly clients: ClientView[] = [];
  private spectator: Player | null = null;
  private bots: Bots | null = null;
  private botCount = h("output", {}, "0");
  private link = h("a", { class: "match-link", title: "Link to this match: send it to a friend" });
  private body = h("div", { class: "duel" });
  private ended = false;
  private botsAdded = false;

  constructor(private game: string, text: DuelText) {
    const more = (by: number) => () => this.setBots((this.bots?.count ?? 0) + by);
    this.element = h("div", {},
      h("div", { class: "strip" },
        h("div", { class: "lead" }, h("h1", {}, text.title), h("p", {}, text.text)),
        h("div", { class: "match" }, this.link,
          h("div", { class: "stepper", role: "group", "aria-label": "Bots" }, h("span", { class: "label" }, "Bots"),
            h("button", { type: "button", "aria-label": "Remove a bot", onclick: more(-1) }, "−"), this.botCount,
            h("button", { type: "button", "aria-label": "Add a bot", onclick: more(1) }, "+")))),
      this.body);
    void this.open();
  }

  private async open(): Promise<void> {
    try {
      const match = await findMatch(this.game, maxPlayers);
      if (this.ended) return;
      this.join(match.id);
    } catch (e) {
      if (!this.ended) this.body.replaceChildren(failure(textOf(e)));
    }
  }

  private join(match: string): void {
    this.link.href = `#matches/${this.game}/${match}`;
    setText(this.link, `match ${match}`);
    this.spectator = new Player({ game: this.game, match, spectate: true, name: "ghosts" });
    this.bots = new Bots(this.game, match);
    names.forEach((name, i) => {
      const client = new ClientView({
        player: { game: this.game, match, name },
        keys: i === 0 ? leftHand : rightHand,
        hint: i === 0 ? (this.game === "tag" ? "W A S D" : "W A S D + space") : this.game === "tag" ? "← ↑ ↓ →" : "← ↑ ↓ → + enter",
        colour: () => colours().sides[i]!,
        colourOf: (player) => this.colourOf(player),
        spectator: () => this.spectator?.room ?? null,
      });
      client.element.classList.add(i === 0 ? "side-a" : "side-b");
      this.clients.push(client);
      void client.start();
    });
    void this.spectator.start();
    this.body.replaceChildren(...this.clients.map((p) => p.element));
  }

  private colourOf(player: number): string {
    const side = this.clients.findIndex((p) => p.player.room?.player === player);
    const c = colours();
    return side >= 0 ? c.sides[side]! : c.others[player % c.others.length]!;
  }

  private setBots(count: number): void {
    this.bots?.set(count);
    setText(this.botCount, String(this.bots?.count ?? 0));
  }

  /** Adds bots once, when both clients play, if there are few other players. */
  private addBots(): void {
    if (this.botsAdded || this.clients.length === 0 || !this.clients.every((p) => p.player.room)) return;
    this.botsAdded = true;
    const state = this.clients[0]!.player.room!.state;
    const players = (this.game === "tag" ? state.Runners : state.Pilots).size;
    this.setBots(Math.max(0, minPlayers - Math.max(players, 2)));
  }

  frame(now: number): void {
    this.addBots();
    for (const client of this.clients) client.frame(now);
  }

  releaseControls(): void { for (const client of this.clients) client.releaseControls(); }

  stop(): void {
    this.ended = true;
    for (const client of this.clients) client.stop();
    this.bots?.set(0);
    this.spectator?.stop();
  }
}
