// Why a ticket is waiting, in words.

import type { Expansion, Explanation, RuleState } from "arbiter-client/matchmake";

/** One sentence about why it is waiting. */
export function reason(x: Explanation): string {
  const blocking = x.blocking ?? [];
  switch (x.reason) {
    case "next_pass": return "A match is available. You will join it in a moment.";
    case "players": return `A match needs ${x.needed} players. ${x.waiting === 1 ? "You are the only one waiting." : `${x.waiting} are waiting.`}`;
    case "rule": return blocking.length === 1
      ? `Without the rule “${blocking[0]}” you would already have a match.`
      : `You would already have a match without any one of these rules: ${blocking.map((b) => `“${b}”`).join(", ")}.`;
    case "rules_together": return "No single rule is in the way, but together they allow no match yet.";
    case "pinned": return "The match you asked for is full at the moment.";
    case "answers": return "Waiting for the players of a match to accept it.";
  }
  return "Waiting.";
}

/** What a rule requires now. */
export function demand(r: RuleState): string {
  const n = round(r.bound);
  switch (r.kind) {
    case "distance": return `at most ${n} apart`;
    case "balance": return `teams at most ${n} apart`;
    case "equal": return "the same for all";
    case "any_of": return "one of the allowed values";
    case "overlap": return `at least ${n} in common`;
    case "latency": return `a region within ${n} ms for everyone`;
    case "parties": return n === 0 ? "parties of equal size" : `party sizes differ by at most ${n}`;
    case "roles": return "every role filled";
    case "formula": return `at most ${n}`;
  }
  return "";
}

/** How a rule relaxes, without when. */
export const relaxation = (e: Expansion): string => (e.drop ? "is dropped" : `relaxes to ${round(e.to)}`);

/** Seconds as m:ss. */
export const clock = (seconds: number): string =>
  `${Math.floor(Math.max(seconds, 0) / 60)}:${String(Math.floor(Math.max(seconds, 0)) % 60).padStart(2, "0")}`;

/** Seconds in words. */
export const about = (seconds: number): string =>
  seconds < 1 ? "a moment" : seconds < 90 ? `${Math.round(seconds)}\u00a0s` : `${Math.round(seconds / 60)}\u00a0min`;

const round = (v: number) => (Math.abs(v) >= 10 ? Math.round(v) : Math.round(v * 100) / 100);
