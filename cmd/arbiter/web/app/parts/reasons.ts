// Why a ticket waits, in words.

import type { Expansion, Explanation, RuleState } from "arbiter-client/matchmake";

/** One sentence about what keeps it waiting. */
export function reason(x: Explanation): string {
  const blocking = x.blocking ?? [];
  switch (x.reason) {
    case "next_pass": return "There is a match for you. It is made in a moment.";
    case "players": return `A match needs ${x.needed} players, and ${x.waiting === 1 ? "only you wait" : `${x.waiting} wait`}.`;
    case "rule": return blocking.length === 1
      ? `You would have a match already, but for “${blocking[0]}”.`
      : `You would have a match already without one of ${blocking.map((b) => `“${b}”`).join(", ")}.`;
    case "rules_together": return "No single rule is in the way: together they leave nobody for you yet.";
    case "pinned": return "The match that you asked for has no room now.";
    case "answers": return "Players are being asked whether they are ready.";
  }
  return "Waiting.";
}

/** What a rule asks at present. */
export function demand(r: RuleState): string {
  const n = round(r.bound);
  switch (r.kind) {
    case "distance": return `at most ${n} apart`;
    case "balance": return `teams at most ${n} apart`;
    case "equal": return "the same for all";
    case "any_of": return "one of those allowed";
    case "overlap": return `${n} in common`;
    case "latency": return `a region within ${n} ms of all`;
    case "parties": return n === 0 ? "parties of one size" : `parties differ by ${n} at most`;
    case "roles": return "each role filled";
    case "formula": return `at most ${n}`;
  }
  return "";
}

/** What changes and to what, without when. */
export const loosening = (e: Expansion): string => (e.drop ? "is dropped" : `loosens to ${round(e.to)}`);

/** Seconds as m:ss. */
export const clock = (seconds: number): string =>
  `${Math.floor(Math.max(seconds, 0) / 60)}:${String(Math.floor(Math.max(seconds, 0)) % 60).padStart(2, "0")}`;

/** Seconds as people say them. */
export const about = (seconds: number): string =>
  seconds < 1 ? "a moment" : seconds < 90 ? `${Math.round(seconds)}\u00a0s` : `${Math.round(seconds / 60)}\u00a0min`;

const round = (v: number) => (Math.abs(v) >= 10 ? Math.round(v) : Math.round(v * 100) / 100);
