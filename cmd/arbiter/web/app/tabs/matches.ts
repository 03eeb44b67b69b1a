// The running matches, to join or to watch.

import { announce } from "../announce.ts";
import { h, setText } from "../dom.ts";
import { base, createMatch, games, matches, type MatchInfo } from "../net/api.ts";
import { leftHand, rightHand } from "../components/controls.ts";
import { ClientView } from "../components/clientview.ts";
import { textOf } from "../components/failure.ts";
import { colours } from "../theme.ts";
import type { Tab } from "./tab.ts";

/** Milliseconds between two requests for the list. */
const refreshEvery = 2000;

/** The tab. The fragment #matches/game/id joins that match at once. */
export class Matches implements Tab {
  readonly element: HTMLElement;
  private body = h("tbody");
  private rows = new Map<string, MatchRow>();
  private note = h("p", { class: "small" });
  private refused = h("p", { class: "small refused" });
  private newMatch = h("div", { class: "choice" }, h("span", { class: "label" }, "New match"));
  private view = h("div", { class: "single" });
  private client: ClientView | null = null;
  private timer: number;
  private playing = "";

  constructor(rest: string[]) {
    this.element = h("div", {},
      h("div", { class: "strip" }, h("div", { class: "lead" }, h("h1", {}, "Running matches"),
        h("p", {}, "Join or watch a match. A match without players ends after a minute.")), this.newMatch),
      h("div", { class: "table", tabindex: 0, role: "region", "aria-label": "Running matches" }, h("table", {},
        h("thead", {}, h("tr", {}, ...["Game", "Match", "Players", "Spectators", "Running for", "Actions"].map((t) => h("th", { scope: "col" }, t)))), this.body)),
      this.note, this.refused, this.view);
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
      this.say(this.refused, "");
      this.join(game, (await createMatch(game)).id, false);
      this.client?.focus();
      await this.refresh();
    } catch (e) {
      this.say(this.refused, `No new match of ${game}. ${textOf(e)} Until then you can join or watch one that is running.`);
    }
  }

  private say(where: HTMLElement, text: string): void {
    if (where.textContent !== text) announce(text);
    setText(where, text);
  }

  private async refresh(): Promise<void> {
    if (document.hidden) return;
    try {
      const list = await matches();
      this.show(list);
      const busy = list.reduce((a, b) => (b.players > a.players ? b : a), { players: 0, game: "", id: "" });
      if (!this.client && busy.players > 0) this.join(busy.game, busy.id, true);
      this.say(this.note, list.length ? "" : "No match is running. Start one above.");
    } catch (e) {
      this.say(this.note, `The list of matches could not be loaded; it is asked for again every two seconds. ${textOf(e)}`);
    }
  }

  /** Updates the rows in place, so that a button in one keeps the focus. */
  private show(list: MatchInfo[]): void {
    const running = new Set(list.map((m) => m.id));
    for (const [id, row] of this.rows) {
      if (running.has(id)) continue;
      if (row.element.contains(document.activeElement)) this.body.closest<HTMLElement>(".table")!.focus();
      row.element.remove();
      this.rows.delete(id);
    }
    let next = this.body.firstElementChild;
    for (const m of list) {
      let row = this.rows.get(m.id);
      if (!row) this.rows.set(m.id, row = new MatchRow(m, (spectate) => this.choose(m, spectate)));
      row.show(m, this.rates.get(m.game) ?? 30, m.id === this.playing);
      if (row.element === next) next = next.nextElementSibling;
      else this.place(row.element, next);
    }
  }

  /** Puts a row before another. What moves in a document loses the focus. */
  private place(row: HTMLElement, before: Element | null): void {
    const focus = row.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
    this.body.insertBefore(row, before);
    focus?.focus({ preventScroll: true });
  }

  private choose(m: MatchInfo, spectate: boolean): void {
    this.join(m.game, m.id, spectate);
    if (!spectate) this.client?.focus();
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
    const link = new URL(`#matches/${game}/${match}`, base).href;
    if (!spectate) this.view.prepend(h("p", { class: "small invite" }, "Others join you by this link: ", h("a", { href: link }, link)));
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

/** A row of the list. */
class MatchRow {
  readonly element: HTMLElement;
  private players = h("td");
  private spectators = h("td");
  private time = h("td");
  private joins: HTMLButtonElement;
  private open = true;

  constructor(m: MatchInfo, join: (spectate: boolean) => void) {
    this.joins = h("button", { type: "button", "aria-label": `Join ${m.game}, match ${m.id}`, onclick: () => { if (this.open) join(false); } }, "Join");
    this.element = h("tr", {}, h("td", {}, m.game), h("td", {}, h("code", {}, m.id)), this.players, this.spectators, this.time,
      h("td", { class: "actions" }, this.joins,
        h("button", { type: "button", "aria-label": `Watch ${m.game}, match ${m.id}`, title: "Watch as a spectator", onclick: () => join(true) }, "Watch")));
  }

  show(m: MatchInfo, rate: number, isPlaying: boolean): void {
    const seconds = Math.floor(m.tick / rate);
    setText(this.players, `${m.players} of ${m.max_players}`);
    setText(this.spectators, String(m.spectators));
    setText(this.time, `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
    this.open = m.state === "open";
    this.joins.setAttribute("aria-disabled", String(!this.open)); // a disabled one would lose the focus
    this.joins.title = this.open ? "Join as a player" : `This match is ${m.state}`;
    if (isPlaying) this.element.setAttribute("aria-current", "true");
    else this.element.removeAttribute("aria-current");
  }
}
