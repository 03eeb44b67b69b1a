// Finding a match by the server's queues, and playing in it.

import { matchmake, type FoundSeat, type SearchStatus } from "arbiter-client/matchmake";
import { choice, h, say } from "../dom.ts";
import { guest } from "../net/api.ts";
import { leastPlayers, queues, teamsOf, type QueueInfo } from "../net/queues.ts";
import { mostRivals, Rivals } from "../net/rivals.ts";
import { leftHand, rightHand } from "../parts/controls.ts";
import { Pane } from "../parts/pane.ts";
import { Profile } from "../parts/profile.ts";
import { about } from "../parts/reasons.ts";
import { SearchCard } from "../parts/search.ts";
import { colours } from "../theme.ts";
import type { Tab } from "./tab.ts";

/** Milliseconds between two looks at the queues, and at why one waits. */
const pause = 2000, explainEvery = 1500;

/** The tab. An address #find/queue chooses one. */
export class Find implements Tab {
  readonly element: HTMLElement;
  pane: Pane | null = null;
  status: SearchStatus | null = null;
  private profile = new Profile();
  private rivals = new Rivals();
  private head = h("div", { class: "queue-head" });
  private note = h("p", { class: "small", role: "status" });
  private figures = h("div", { class: "facts" });
  private start = h("button", { type: "button", class: "primary", "data-action": "find", disabled: true, onclick: () => void this.seek() }, "Find a match");
  private more = h("button", { type: "button", "data-action": "rival",
    title: "Somebody of this page queues too, and plays against you", onclick: () => this.callRival() }, "Bring a rival");
  private setup: HTMLElement;
  private place = h("div", { class: "single found" });
  private queue: QueueInfo | null = null;
  private card: SearchCard | null = null;
  private search: AbortController | null = null;
  private decide: (yes: boolean) => void = () => {};
  private timer: number;
  private ended = false;

  constructor(private wish: string[]) {
    this.setup = h("section", { class: "setup", "aria-label": "What you look for" }, this.head, this.figures, this.profile.element, h("div", { class: "choice" }, this.start), this.note);
    this.element = h("div", { class: "find" },
      h("div", { class: "strip" }, h("div", { class: "lead" }, h("h1", {}, "Find a match"),
        h("p", {}, "Queues make matches by rules that are data. You see what they see: which rule keeps you waiting, who would suit you, and when they loosen. Open this page twice, or bring a rival."))),
      this.setup, this.place);
    this.timer = window.setInterval(() => void this.look(), pause);
    void this.open();
  }

  private async open(): Promise<void> {
    const list = await queues().catch(() => []);
    if (list.length === 0) return say(this.note, "This server has no queues. Start it with some: arbiter serve --queues.");
    const wanted = list.find((q) => q.name === this.wish[0]) ?? list.find((q) => leastPlayers(q) <= 2) ?? list[0]!;
    this.head.replaceChildren(choice("Queue", list.map((q) => ({ value: q.name, text: q.name, title: `${q.game}, ${teamsOf(q)}` })), wanted.name,
      (name) => this.choose(list.find((q) => q.name === name)!)));
    this.choose(wanted);
    this.start.disabled = false;
  }

  private choose(q: QueueInfo): void {
    this.queue = q;
    this.profile.show(q);
    this.tell(q);
    history.replaceState(null, "", `#find/${q.name}`);
  }

  private async look(): Promise<void> {
    if (document.hidden || !this.queue || this.setup.hidden) return;
    const now = (await queues().catch(() => [])).find((q) => q.name === this.queue?.name);
    if (now) this.tell(now);
  }

  private tell(q: QueueInfo): void {
    const fact = (value: string, name: string) => h("div", {}, h("b", {}, value), h("span", {}, name));
    this.figures.replaceChildren(fact(teamsOf(q), q.game), fact(String(q.waiting.players), "waiting"),
      fact(q.matches_formed ? about(q.wait_seconds.p50) : "–", "usual wait"), fact(String(q.matches_formed), "matches made"));
  }

  /** Searches until there is a seat, and plays in it. */
  private async seek(): Promise<void> {
    const queue = this.queue!;
    this.leave();
    const stop = this.search = new AbortController();
    const card = this.card = new SearchCard(() => stop.abort(), (yes) => this.decide(yes), this.more);
    this.setup.hidden = true;
    this.place.replaceChildren(card.element);
    try {
      const seat = await matchmake({
        queue: queue.name, attributes: this.profile.attributes, token: await guest("You"), signal: stop.signal, explainEvery,
        accept: (_, signal) => new Promise((resolve) => { this.decide = resolve; signal.addEventListener("abort", () => resolve(false)); }),
        onStatus: (s) => { this.status = s; card.show(s); },
      });
      if (!this.ended) this.play(seat);
    } catch (e) {
      if (this.ended) return;
      this.back(stop.signal.aborted ? "" : e instanceof Error ? e.message : String(e));
    }
  }

  private callRival(): void {
    this.rivals.call(this.rivals.count + 1, this.queue!, this.profile.attributes);
    this.more.disabled = this.rivals.count >= mostRivals;
  }

  /** Shows the form again, with what became of the search. */
  private back(why: string): void {
    this.leave();
    this.setup.hidden = false;
    this.place.replaceChildren();
    say(this.note, why);
  }

  private play(seat: FoundSeat): void {
    this.card = null;
    const side = () => colours().sides[0];
    const pane: Pane = this.pane = new Pane({
      place: { game: seat.game, match: seat.match, name: "You", token: seat.token },
      keys: { ...leftHand, ...rightHand }, hint: "W A S D or arrows", colour: side,
      livery: (p) => (p === pane.player.room?.player ? side() : colours().others[p % colours().others.length]!),
      truth: () => null,
    });
    pane.element.classList.add("side-a");
    const again = h("button", { type: "button", class: "primary", onclick: () => this.back("") }, "Leave and find another");
    this.place.replaceChildren(rosterOf(seat, again), pane.element);
    void pane.start();
  }

  /** Ends the search, the match and the company. */
  private leave(): void {
    this.search?.abort();
    this.pane?.stop();
    this.rivals.stop();
    this.search = this.pane = this.card = null;
    this.more.disabled = false;
  }

  frame(now: number): void {
    this.card?.frame(now);
    this.pane?.frame(now);
  }

  rest(): void { this.pane?.rest(); }

  stop(): void {
    this.ended = true;
    clearInterval(this.timer);
    this.leave();
  }
}

/** Who plays with whom. */
function rosterOf(seat: FoundSeat, again: HTMLElement): HTMLElement {
  const m = seat.ticket.match!, waited = about(seat.ticket.age_seconds);
  const teams = m.teams.filter((t) => t.players.length > 0).map((t) => h("div", { class: "team", "data-own": t.name === seat.team },
    h("b", {}, t.name), h("span", {}, t.players.length === 1 ? "1 player" : `${t.players.length} players`)));
  const quality = [m.region && `region ${m.region}`, m.quality.spread > 0 && `${Math.round(m.quality.spread)} apart`,
    m.quality.latency > 0 && `${Math.round(m.quality.latency)} ms at most`, seat.role && `you are ${seat.role}`].filter(Boolean).join(" · ");
  return h("div", { class: "roster" }, ...teams, h("p", { class: "small" }, `Found after ${waited}. ${quality}`), again);
}
