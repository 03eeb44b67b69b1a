// The running matches, to join or to watch.

import { h, say } from "../dom.ts";
import { begin, games, matches, type MatchInfo } from "../net/api.ts";
import { leftHand, rightHand } from "../parts/controls.ts";
import { Pane } from "../parts/pane.ts";
import { colours } from "../theme.ts";
import type { Tab } from "./tab.ts";

/** Milliseconds between two looks at the list. */
const pause = 2000;

/** The tab of the list. An address #matches/game/id joins at once. */
export class Matches implements Tab {
  readonly element: HTMLElement;
  private rows = h("tbody");
  private note = h("p", { class: "small" });
  private begin = h("div", { class: "choice" }, h("span", { class: "label" }, "New match of"));
  private place = h("div", { class: "single" });
  private pane: Pane | null = null;
  private timer: number;
  private playing = "";

  constructor(rest: string[]) {
    this.element = h("div", {},
      h("div", { class: "strip" }, h("div", { class: "lead" }, h("h1", {}, "Running matches"),
        h("p", {}, "Join one, or watch it. Matches that nobody is in end after a minute.")), this.begin),
      h("div", { class: "table" }, h("table", {},
        h("thead", {}, h("tr", {}, ...["Game", "Match", "Players", "Watching", "Running for", ""].map((t) => h("th", { scope: "col" }, t)))), this.rows)),
      this.note, this.place);
    this.timer = window.setInterval(() => void this.look(), pause);
    void this.look();
    void this.offer();
    if (rest[0] && rest[1]) this.enter(rest[0], rest[1], false);
  }

  private async offer(): Promise<void> {
    for (const g of await games().catch(() => [])) {
      this.rates.set(g.name, g.tick_rate);
      this.begin.append(h("button", { type: "button", onclick: () => void this.start(g.name) }, g.name));
    }
  }

  private rates = new Map<string, number>();

  private async start(game: string): Promise<void> {
    try {
      this.enter(game, (await begin(game)).id, false);
      await this.look();
    } catch (e) {
      say(this.note, e instanceof Error ? e.message : String(e));
    }
  }

  private async look(): Promise<void> {
    if (document.hidden) return;
    try {
      const list = await matches();
      this.rows.replaceChildren(...list.map((m) => this.row(m)));
      const busy = list.reduce((a, b) => (b.players > a.players ? b : a), { players: 0, game: "", id: "" });
      if (!this.pane && busy.players > 0) this.enter(busy.game, busy.id, true);
      say(this.note, list.length ? "" : "No match is running. Begin one.");
    } catch (e) {
      say(this.note, `The list could not be read: ${e instanceof Error ? e.message : e}`);
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
        h("button", { type: "button", disabled: !open, title: open ? "Take a seat" : `This match is ${m.state}`,
          onclick: () => this.enter(m.game, m.id, false) }, "Join"),
        h("button", { type: "button", title: "Watch without a seat", onclick: () => this.enter(m.game, m.id, true) }, "Watch")));
  }

  private enter(game: string, match: string, spectate: boolean): void {
    this.pane?.stop();
    this.playing = match;
    const side = () => colours().sides[0];
    const pane: Pane = new Pane({
      place: { game, match, spectate, name: spectate ? "Spectator" : "Guest" },
      keys: { ...leftHand, ...rightHand },
      hint: "W A S D or arrows",
      colour: side,
      livery: (p) => (p === pane.player.room?.player ? side() : colours().others[p % colours().others.length]!),
      truth: () => null,
    });
    this.pane = pane;
    pane.element.classList.add("side-a");
    this.place.replaceChildren(pane.element);
    history.replaceState(null, "", spectate ? "#matches" : `#matches/${game}/${match}`);
    void pane.start();
    void this.look();
  }

  frame(now: number): void { this.pane?.frame(now); }
  rest(): void { this.pane?.rest(); }
  stop(): void {
    clearInterval(this.timer);
    this.pane?.stop();
  }
}
