// A search for a match in progress: how long it has taken, why it is waiting, what happens next.

import type { Explanation, RuleState, SearchStatus, Ticket } from "arbiter-client/matchmake";
import { announce } from "../announce.ts";
import { h, setText } from "../dom.ts";
import { about, clock, demand, relaxation, reason } from "./reasons.ts";

/** Radius of the ring, in its own units. */
const radius = 44, round = 2 * Math.PI * radius;
const svg = "http://www.w3.org/2000/svg";

/** Shown while the player waits. */
export class SearchCard {
  readonly element: HTMLElement;
  private time = h("b", { class: "ring-time" }, "0:00");
  private under = h("span", { class: "ring-under" });
  private ring = ringOf();
  private title = h("h2", { tabindex: -1 });
  private text = h("p", { class: "why" });
  private next = h("p", { class: "next" });
  private facts = h("div", { class: "facts" });
  private rules = h("ul", { class: "rules" });
  private ask = h("div", { class: "ask", hidden: true });
  private since = 0;
  private explainedAt = 0;
  private explanation: Explanation | undefined;
  private estimateAt = 0; // when the match is expected; 0: unknown
  private until = 0; // of a proposal
  private span = 1;
  private told = "";

  /** more is shown beside the button to leave. */
  constructor(cancel: () => void, answer: (yes: boolean) => void, more: HTMLElement) {
    this.ask.append(
      h("button", { type: "button", class: "primary", "data-action": "accept", onclick: () => this.answered(answer, true) }, "Accept"),
      h("button", { type: "button", "data-action": "decline", onclick: () => this.answered(answer, false) }, "Decline"));
    this.element = h("section", { class: "search", "aria-label": "Your search", "data-phase": "queueing" },
      h("div", { class: "ring" }, this.ring.element, h("div", {}, this.time, this.under)),
      h("div", { class: "search-text" }, this.title, this.text, this.next, this.ask,
        h("div", { class: "choice" }, more, h("button", { type: "button", class: "leave", "data-action": "leave", onclick: cancel }, "Leave the queue"))),
      this.facts, this.rules);
  }

  /** Moves the focus here. */
  focus(): void { this.title.focus({ preventScroll: true }); }

  private answered(answer: (yes: boolean) => void, yes: boolean): void {
    this.hideAsk();
    setText(this.text, yes ? "Accepted. Waiting for the other players." : "Declined.");
    this.tell();
    answer(yes);
  }

  /** Shows a status. */
  show(s: SearchStatus): void {
    const now = performance.now();
    this.element.dataset.phase = s.phase;
    if (s.ticket) this.since = now - s.ticket.age_seconds * 1000;
    this.estimateAt = s.ticket?.estimate_seconds === undefined ? 0 : now + s.ticket.estimate_seconds * 1000;
    if (s.explanation !== this.explanation) this.explain(s.explanation, now);
    const asked = s.phase === "asked" && s.ticket?.proposal;
    if (asked && this.until === 0) this.propose(s.ticket!, now);
    if (!asked) { this.until = 0; this.hideAsk(); }
    const titles = { queueing: "Joining the queue", waiting: "Looking for a match", asked: "Match found", found: "Joining the match", interrupted: "Search interrupted" };
    setText(this.title, titles[s.phase]);
    if (s.phase === "interrupted") setText(this.text, `${s.reason} Retrying.`);
    else if (s.phase === "waiting") setText(this.text, this.explanation ? reason(this.explanation) : "");
    else if (s.phase === "queueing") setText(this.text, s.reason);
    this.tell();
  }

  /** Announces the title and the reason when one of them has changed. */
  private tell(): void {
    const now = `${this.title.textContent}. ${this.text.textContent}`;
    if (now !== this.told) announce(now);
    this.told = now;
  }

  private hideAsk(): void {
    const focus = this.ask.contains(document.activeElement);
    this.ask.hidden = true;
    if (focus) this.focus();
  }

  private propose(t: Ticket, now: number): void {
    this.span = Math.max(Date.parse(t.proposal!.until) - Date.now(), 1000);
    this.until = now + this.span;
    this.ask.hidden = false;
    setText(this.text, `A match for ${t.proposal!.players} players is ready. Do you accept?`);
    this.ask.querySelector("button")!.focus({ preventScroll: true });
  }

  private explain(x: Explanation | undefined, now: number): void {
    this.explanation = x;
    this.explainedAt = now;
    if (!x) {
      this.rules.replaceChildren();
      this.facts.replaceChildren();
      return;
    }
    this.facts.replaceChildren(
      fact(`#${x.place}`, "position", "Your position in the queue: whoever has waited longest is matched first"), fact(String(x.waiting), "waiting", "Players in this queue, including you"),
      fact(String(x.candidates), "compatible", "Players in this queue who satisfy every pairwise rule together with you"), fact(String(x.needed), "players needed", "Players that a match needs after your wait so far"));
    const others = Math.max(x.waiting - 1, 0);
    this.rules.replaceChildren(...x.rules.map((r) => ruleRow(r, others, x.blocking ?? [])));
  }

  /** Updates the clocks. Called in each animation frame. */
  frame(now: number): void {
    const waited = this.since ? (now - this.since) / 1000 : 0;
    if (this.until) {
      const left = (this.until - now) / 1000;
      setText(this.time, clock(left + 1));
      setText(this.under, "to accept");
      setText(this.next, "");
      return this.ring.set(left / (this.span / 1000));
    }
    setText(this.time, clock(waited));
    const left = this.estimateAt ? (this.estimateAt - now) / 1000 : NaN;
    setText(this.under, Number.isNaN(left) ? "elapsed" : left > 0.5 ? `${about(left)} left` : "any moment now");
    this.ring.set(Number.isNaN(left) ? null : waited / Math.max(waited + left, 0.1));
    const e = this.explanation?.next, due = e ? e.in_seconds - (now - this.explainedAt) / 1000 : 0;
    setText(this.next, e && due > -1 && this.element.dataset.phase === "waiting" ? `“${e.rule}” ${relaxation(e)} in ${about(due)}.` : "");
  }
}

function fact(value: string, name: string, title: string): HTMLElement {
  return h("div", { title }, h("b", {}, value), h("span", {}, name));
}

function ruleRow(r: RuleState, others: number, blocking: readonly string[]): HTMLElement {
  const blocks = blocking.includes(r.name), share = r.pairwise && others > 0 ? Math.min(r.passing / others, 1) : 0;
  const bar = h("i", { class: "bar" }), row = h("li", { "data-rule": r.name, "data-state": r.dropped ? "dropped" : blocks ? "blocks" : "holds" },
    h("span", { class: "rule-name" }, r.name), h("span", { class: "rule-demand" }, r.dropped ? "dropped" : demand(r)),
    h("span", { class: "rule-count" }, blocks ? "blocking" : r.dropped ? "" : !r.pairwise ? "applies to the whole match" : others > 0 ? `${r.passing} of ${others} pass` : ""), bar);
  bar.style.setProperty("--share", String(share));
  return row;
}

/** A progress ring; without a share it spins. */
function ringOf(): { element: SVGElement; set(share: number | null): void } {
  const element = document.createElementNS(svg, "svg");
  element.setAttribute("viewBox", "0 0 100 100");
  element.setAttribute("aria-hidden", "true");
  const circles = ["ring-back", "ring-fill"].map((name) => {
    const c = document.createElementNS(svg, "circle");
    for (const [k, v] of Object.entries({ cx: 50, cy: 50, r: radius, class: name })) c.setAttribute(k, String(v));
    element.append(c);
    return c;
  });
  const fill = circles[1]!;
  return {
    element,
    set(share) {
      element.toggleAttribute("data-turns", share === null);
      const part = share === null ? 0.25 : Math.min(Math.max(share, 0), 1);
      fill.setAttribute("stroke-dasharray", `${(part * round).toFixed(1)} ${round.toFixed(1)}`);
    },
  };
}
