// Matchmaking: finding a match through the server's queues, and playing in it.

import { matchmake, type FoundSeat, type SearchStatus } from "arbiter-client/matchmake";
import { announce, hasFocus } from "../announce.ts";
import { choice, h, setText } from "../dom.ts";
import { base, guest } from "../net/api.ts";
import { leastPlayers, queues, teamsOf, type QueueInfo } from "../net/queues.ts";
import { maxQueueBots, QueueBots } from "../net/queuebots.ts";
import { leftHand, rightHand } from "../components/controls.ts";
import { ClientView } from "../components/clientview.ts";
import { Profile } from "../components/profile.ts";
import { about } from "../components/reasons.ts";
import { SearchCard } from "../components/search.ts";
import { failure, textOf } from "../components/failure.ts";
import { colours } from "../theme.ts";
import type { Tab } from "./tab.ts";

/** Milliseconds between two requests for the queues, and for why the ticket waits. */
const refreshEvery = 2000, explainEvery = 1500;

/** The tab. The fragment #find/queue selects a queue. */
export class Find implements Tab {
  readonly element: HTMLElement;
  client: ClientView | null = null;
  status: SearchStatus | null = null;
  private profile = new Profile();
  private bots = new QueueBots();
  private head = h("div", { class: "queue-head" });
  private note = h("p", { class: "small" });
  private figures = h("div", { class: "facts" });
  private start = h("button", { type: "button", class: "primary", "data-action": "find", disabled: true, onclick: () => void this.find() }, "Find a match");
  private more = h("button", { type: "button", "data-action": "bot",
    title: "A bot joins the queue and plays in your match", onclick: () => this.addBot() }, "Add a bot");
  private setup: HTMLElement;
  private result = h("div", { class: "single found" });
  private queue: QueueInfo | null = null;
  private card: SearchCard | null = null;
  private search: AbortController | null = null;
  private decide: (yes: boolean) => void = () => {};
  private timer: number;
  private ended = false;

  constructor(private selected: string[]) {
    this.setup = h("section", { class: "setup", "aria-label": "Search settings" }, this.head, this.figures, this.profile.element, h("div", { class: "choice" }, this.start), this.note);
    this.element = h("div", { class: "find" },
      h("div", { class: "strip" }, h("div", { class: "lead" }, h("h1", {}, "Find a match"),
        h("p", {}, "Each queue matches players by configurable rules. See which rule holds you up, who would fit, and when it relaxes. Open this page in a second tab, or add a bot to the queue."))),
      this.setup, this.result);
    this.timer = window.setInterval(() => void this.refresh(), refreshEvery);
    void this.open();
  }

  private async open(): Promise<void> {
    const list = await queues().catch((e: unknown) => { this.unlisted(e); return null; });
    if (!list) return;
    if (list.length === 0) return this.say( "This server runs no queues. Start it with arbiter serve --rules FILE to add some.");
    const wanted = list.find((q) => q.name === this.selected[0]) ?? list.find((q) => leastPlayers(q) <= 2) ?? list[0]!;
    this.head.replaceChildren(choice("Queue", list.map((q) => ({ value: q.name, text: q.name, title: `${q.game}, ${teamsOf(q)}` })), wanted.name,
      (name) => this.choose(list.find((q) => q.name === name)!)));
    this.choose(wanted);
    this.start.disabled = false;
  }

  private choose(q: QueueInfo): void {
    this.queue = q;
    this.profile.show(q);
    this.showFigures(q);
    history.replaceState(null, "", `#find/${q.name}`);
  }

  private async refresh(): Promise<void> {
    if (document.hidden || !this.queue || this.setup.hidden) return;
    const now = (await queues().catch(() => [])).find((q) => q.name === this.queue?.name);
    if (now) this.showFigures(now);
  }

  private showFigures(q: QueueInfo): void {
    const fact = (value: string, name: string) => h("div", {}, h("b", {}, value), h("span", {}, name));
    this.figures.replaceChildren(fact(teamsOf(q), q.game), fact(String(q.waiting.players), "players waiting"),
      fact(q.matches_formed ? about(q.wait_seconds.p50) : "–", "typical wait"), fact(String(q.matches_formed), "matches made"));
  }

  /** Searches until there is a seat, then plays in it. */
  private async find(): Promise<void> {
    const queue = this.queue!;
    this.leave();
    const stop = this.search = new AbortController();
    const card = this.card = new SearchCard(() => stop.abort(), (yes) => this.decide(yes), this.more);
    this.setup.hidden = true;
    this.result.replaceChildren(card.element);
    card.focus();
    try {
      const seat = await matchmake({
        url: base.href,
        queue: queue.name, attributes: this.profile.attributes, token: await guest("You"), signal: stop.signal, explainEvery,
        accept: (_, signal) => new Promise((resolve) => { this.decide = resolve; signal.addEventListener("abort", () => resolve(false)); }),
        onStatus: (s) => { this.status = s; card.show(s); },
      });
      if (!this.ended) this.play(seat);
    } catch (e) {
      if (this.ended) return;
      this.back(stop.signal.aborted ? "" : textOf(e));
    }
  }

  private addBot(): void {
    if (this.bots.count >= maxQueueBots) return;
    this.bots.set(this.bots.count + 1, this.queue!, this.profile.attributes);
    this.more.setAttribute("aria-disabled", String(this.bots.count >= maxQueueBots)); // a disabled one would lose the focus
  }

  /** Shows the form again, with the reason why the search ended. */
  private back(why: string): void {
    const focus = hasFocus(this.result);
    this.leave();
    this.setup.hidden = false;
    this.result.replaceChildren();
    if (focus) this.start.focus();
    this.say(why);
  }

  private say(text: string): void {
    setText(this.note, text);
    announce(text);
  }

  private unlisted(why: unknown): void {
    if (this.ended) return;
    this.setup.replaceChildren(failure(textOf(why)));
  }

  private play(seat: FoundSeat): void {
    const focus = hasFocus(this.result);
    this.card = null;
    const side = () => colours().sides[0];
    const client: ClientView = this.client = new ClientView({
      player: { game: seat.game, match: seat.match, name: "You", token: seat.token },
      keys: { ...leftHand, ...rightHand }, hint: "W A S D or arrows", colour: side,
      colourOf: (p) => (p === client.player.room?.player ? side() : colours().others[p % colours().others.length]!),
      spectator: () => null,
    });
    client.element.classList.add("side-a");
    const again = h("button", { type: "button", class: "primary", onclick: () => this.back("") }, "Leave and find another");
    this.result.replaceChildren(rosterOf(seat, again), client.element);
    if (focus) client.focus();
    void client.start();
  }

  /** Ends the search, the match and the bots. */
  private leave(): void {
    this.search?.abort();
    this.client?.stop();
    this.bots.stop();
    this.search = this.client = this.card = null;
    this.more.setAttribute("aria-disabled", "false");
  }

  frame(now: number): void {
    this.card?.frame(now);
    this.client?.frame(now);
  }

  releaseControls(): void { this.client?.releaseControls(); }

  stop(): void {
    this.ended = true;
    clearInterval(this.timer);
    this.leave();
  }
}

/** The teams of a match. */
function rosterOf(seat: FoundSeat, again: HTMLElement): HTMLElement {
  const m = seat.ticket.match!, waited = about(seat.ticket.age_seconds);
  const teams = m.teams.filter((t) => t.players.length > 0).map((t) => h("div", { class: "team", "data-own": t.name === seat.team },
    h("b", {}, t.name), h("span", {}, t.players.length === 1 ? "1 player" : `${t.players.length} players`)));
  const quality = [m.region && `region ${m.region}`, m.quality.spread > 0 && `spread ${Math.round(m.quality.spread)}`,
    m.quality.latency > 0 && `latency up to ${Math.round(m.quality.latency)} ms`, seat.role && `your role: ${seat.role}`].filter(Boolean).join(" · ");
  return h("div", { class: "roster" }, ...teams, h("p", { class: "small" }, [`Found after ${waited}`, quality].filter(Boolean).join(" · ")), again);
}
