import type { Environment } from "../platform/environment.ts";

/** The state of a ticket; the last three are final. */
export type TicketState = "queued" | "proposed" | "matched" | "cancelled" | "expired";

/** A ticket as the server reports it. */
export interface Ticket {
  readonly id: string;
  readonly queue: string;
  readonly version: number; // grows with each change
  readonly state: TicketState;
  /** Why it is in this state, such as "found" or "declined". */
  readonly cause: string;
  readonly players: readonly string[];
  readonly age_seconds: number;
  /** Estimated further wait; absent while unknown. */
  readonly estimate_seconds?: number;
  readonly proposal?: Proposal;
  readonly match?: MatchFound;
}

/** A match that its players have to accept. */
export interface Proposal {
  readonly accepted: readonly string[]; // players of the ticket who have accepted
  readonly players: number; // of the match
  readonly until: string; // by the server's clock, RFC 3339
}

/** The match a ticket got. */
export interface MatchFound {
  readonly id: string;
  readonly game: string;
  readonly region?: string;
  readonly teams: readonly { readonly name: string; readonly players: readonly { readonly player: string; readonly role?: string }[] }[];
  readonly quality: { readonly spread: number; readonly gap: number; readonly latency: number };
  readonly seats: readonly Seat[];
}

/** A seat in a match, in the form of connect()'s options. Its token takes the seat once, before it expires; afterwards it resumes it. */
export interface Seat {
  readonly match: string;
  readonly game: string;
  readonly url: string;
  readonly player: string;
  readonly team?: string;
  readonly role?: string;
  readonly token: string;
  readonly expires: string;
}

/** A seat and the ticket that got it. */
export interface FoundSeat extends Seat {
  readonly ticket: Ticket;
}

/** Why a ticket is still waiting. */
export interface Explanation {
  /** next_pass, players, rule, rules_together, pinned or answers. */
  readonly reason: string;
  readonly age_seconds: number;
  readonly place: number; // position in the queue, from 1
  readonly waiting: number; // players, this ticket's included
  readonly needed: number; // players of a match at this age
  readonly candidates: number; // compatible players
  readonly blocking?: readonly string[]; // rules without which there would be a match
  readonly rules: readonly RuleState[];
  readonly next?: Expansion; // absent when no rule relaxes any further
}

/** A rule as it stands for a ticket. */
export interface RuleState {
  readonly name: string;
  readonly kind: string;
  readonly dropped?: boolean;
  readonly bound: number; // in force
  readonly pairwise: boolean; // false: it applies to whole teams, and passing means nothing
  readonly passing: number; // tickets that satisfy it together with this one
  readonly failing_this_alone: number;
  readonly next?: Expansion;
}

/** A rule that relaxes at an age. */
export interface Expansion {
  readonly rule: string;
  readonly in_seconds: number; // from now
  readonly to: number;
  readonly drop?: boolean; // the rule no longer applies
}

/** A value of an attribute: a number, a string, a set, or ms by region. */
export type AttributeValue = number | string | readonly string[] | Readonly<Record<string, number>>;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** What a search is doing. */
export type SearchPhase = "queueing" | "waiting" | "asked" | "found" | "interrupted";

export interface SearchStatus {
  readonly phase: SearchPhase;
  /** The last one received; undefined before there is one. */
  readonly ticket: Ticket | undefined;
  readonly explanation: Explanation | undefined;
  /** Why it is interrupted or queueing again; otherwise empty. */
  readonly reason: string;
  /** ms until the next attempt while it is interrupted. */
  readonly retryIn: number;
}

/** Which server, and who the player is. */
export interface Identity {
  /** http(s) or ws(s); a path is the prefix below which a proxy has the server. Default: the page's own origin. */
  readonly url?: string;
  readonly token?: string;
  /** Called for the token instead, and again when one is refused. */
  readonly getToken?: () => string | Promise<string>;
  /** Without either, the server issues a token for a guest with this name. */
  readonly name?: string;
  readonly environment?: Partial<Environment>;
}

/** What to search for. See README.md for each. */
export interface MatchmakeOptions extends Identity {
  readonly queue: string;
  readonly attributes?: Attributes;
  readonly match?: string;
  readonly replace?: boolean;
  readonly accept?: (ticket: Ticket, signal: AbortSignal) => boolean | Promise<boolean>;
  readonly onStatus?: (s: SearchStatus) => void;
  readonly explainEvery?: number;
  readonly signal?: AbortSignal;
}
