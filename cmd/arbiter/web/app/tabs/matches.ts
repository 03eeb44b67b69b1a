// The running matches, to join or to watch.

import { h, setText } from "../dom.ts";
import { createMatch, games, matches, type MatchInfo } from "../net/api.ts";
import { leftHand, rightHand } from "../components/controls.ts";
import { ClientView } from "../components/clientview.ts";
import { colours } from "../theme.ts";
import type { Tab } from "./tab.ts";

/** Milliseconds between two requests for the list. */
const refreshEvery = 2000;

/** The tab. The fragment #matches/game/id joins that match at once. */
export class Matches implements Tab {
  readonly element: HTMLElement;
  private rows = h("tbody");
  private note = h("p", { class: "small" });
  private newMatch = h("div", { class: "choice" }, h("span", { class: "label" }, "New match"));
  private view = h("div", { class: "single" });
  private client: ClientView | null = null;
  private timer: number;
  private playing = "";

  constructor(rest: string[]) {
    this.element = h("div", {},
      h("div", { class: "strip" }, h("div", { class: "lead" }, h("h1", {}, "Running matches"),
        h("p", {}, "Join or watch a match. A match without players ends after a minute.")), this.newMatch),
      h("div", { class: "table" }, h("table", {},
        h("thead", {}, h("tr", {}, ...["Game", "Match", "Players", "Spectators", "Running for", ""].map((t) => h("th", { scope: "col" }, t)))), this.rows)),
      this.note, this.view);
    this.timer = window.setInterval(() => void this.refresh(), refreshEvery);
    void this.refresh();
    void this.addButtons();
    if (rest[0] && rest[1]) this.join(rest[0], rest[1], false);
  }

  private async addButtons(): Promise<void> {
    for (const g of await games().catch(() => [])) {
      this.rates.set(g.name, g.tick_rate);
      this.newMatch.append(h("button", { type: "button", onclick: () => void this.start(g.name) }, g.name));
    }
  }

  private rates = new Map<string, number>();

  private async start(game: string): Promise<void> {
    try {
      this.join(game, (await createMatch(game)).id, false);
      await this.refresh();
    } catch (e) {
      setText(this.note, e instanceof Error ? e.message : String(e));
    }
  }

  private async refresh(): Promise<void> {
    if (document.hidden) return;
    try {
      const list = await matches();
      this.rows.replaceChildren(...list.map((m) => this.row(m)));
      const busy = list.reduce((a, b) => (b.players > a.players ? b : a), { players: 0, game: "", id: "" });
      if (!this.client && busy.players > 0) this.join(busy.game, busy.id, true);
      setText(this.note, list.length ? "" : "No match is running. Start one above.");
    } catch (e) {
      setText(this.note, `The list of matches could not be loaded: ${e instanceof Error ? e.message : e}`);
    }
  }

  private row(m: MatchInfo): HTMLElement {
    const seconds = Math.floor(m.tick / (this.rates.get(m.game) ?? 30));
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const open = m.state === "open";
    return h("tr", { "aria-current": m.id === this.playing && "true" },
      h("td", {}, m.game), h("td", {}, h("code", {}, m.id)), h("td", {}, `${m.players} of ${m.max_players}`),
      h("td", {}, String(m.spectators)), h("td", {}, time),
      h("td", { class: "actions" },
        h("button", { type: "button", disabled: !open, title: open ? "Join as a player" : `This match is ${m.state}`,
          onclick: () => this.join(m.game, m.id, false) }, "Join"),
        h("button", { type: "button", title: "Watch as a spectator", onclick: () => this.join(m.game, m.id, true) }, "Watch")));
  }

  private join(game: string, match: string, spectate: boolean): void {
    this.client?.stop();
    this.playing = match;
    const side = () => colours().sides[0];
    const client: ClientView = new ClientView({
      player: { game, match, spectate, name: spectate ? "Spectator" : "Guest" },
      keys: { ...leftHand, ...rightHand },
      hint: "W A S D or arrows",
      colour: side,
      colourOf: (p) => (p === client.player.room?.player ? side() : colours().others[p % colours().others.length]!),
      spectator: () => null,
    });
    this.client = client;
    client.element.classList.add("side-a");
    this.view.replaceChildren(client.element);
    history.replaceState(null, "", spectate ? "#matches" : `#matches/${game}/${match}`);
    void client.start();
    void this.refresh();
  }

  frame(now: number): void { this.client?.frame(now); }
  releaseControls(): void { this.client?.releaseControls(); }
  stop(): void {
    clearInterval(this.timer);
    this.client?.stop();
  }
}
