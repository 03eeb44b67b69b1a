import type { Environment } from "./environment.ts";

/** Where a ticket stands; the last three are final. */
export type TicketState = "queued" | "proposed" | "matched" | "cancelled" | "expired";

/** What the server says of a ticket. */
export interface Ticket {
  readonly id: string;
  readonly queue: string;
  readonly version: number; // grows with each change
  readonly state: TicketState;
  /** What brought the state about, such as "found" or "declined". */
  readonly cause: string;
  readonly players: readonly string[];
  readonly age_seconds: number;
  /** How much longer it will probably wait; absent while nobody knows. */
  readonly estimate_seconds?: number;
  readonly proposal?: Proposal;
  readonly match?: MatchFound;
}

/** A match that its players have to agree to. */
export interface Proposal {
  readonly accepted: readonly string[]; // who have agreed, of the ticket
  readonly players: number; // of the match
  readonly until: string; // by the server's clock, RFC 3339
}

/** What a ticket got. */
export interface MatchFound {
  readonly id: string;
  readonly game: string;
  readonly region?: string;
  readonly teams: readonly { readonly name: string; readonly players: readonly { readonly player: string; readonly role?: string }[] }[];
  readonly quality: { readonly spread: number; readonly gap: number; readonly latency: number };
  readonly seats: readonly Seat[];
}

/** A place in a match: what connect() takes. Its token takes the seat once, until it expires, and serves for coming back later. */
export interface Seat {
  readonly match: string;
  readonly game: string;
  readonly url: string;
  readonly player: string;
  readonly team: string;
  readonly role?: string;
  readonly token: string;
  readonly expires: string;
}

/** A seat, and the ticket that it was got with. */
export interface FoundSeat extends Seat {
  readonly ticket: Ticket;
}

/** Why a ticket still waits. */
export interface Explanation {
  /** next_pass, players, rule, rules_together, pinned or answers. */
  readonly reason: string;
  readonly age_seconds: number;
  readonly place: number; // in the line, from 1
  readonly waiting: number; // players, this ticket's included
  readonly needed: number; // players of a match
  readonly candidates: number; // players who could be in a match with this ticket
  readonly blocking?: readonly string[]; // rules without which there would be a match
  readonly rules: readonly RuleState[];
  readonly next?: Expansion; // absent when nothing loosens any more
}

/** A rule as it stands for a ticket. */
export interface RuleState {
  readonly name: string;
  readonly kind: string;
  readonly dropped?: boolean;
  readonly bound: number; // in force
  readonly pairwise: boolean; // false: it is about whole teams, and passing says nothing
  readonly passing: number; // tickets that satisfy it together with this one
  readonly failing_this_alone: number;
  readonly next?: Expansion;
}

/** What loosens at an age. */
export interface Expansion {
  readonly rule: string;
  readonly in_seconds: number; // from now
  readonly to: number;
  readonly drop?: boolean; // the rule holds no longer
}

/** A value of an attribute: a number, a string, a set, or ms by region. */
export type AttributeValue = number | string | readonly string[] | Readonly<Record<string, number>>;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** What a search is doing. */
export type SearchPhase = "queueing" | "waiting" | "asked" | "found" | "interrupted";

export interface SearchStatus {
  readonly phase: SearchPhase;
  /** As last told; undefined before there is one. */
  readonly ticket: Ticket | undefined;
  readonly explanation: Explanation | undefined;
  /** Why it is interrupted, or queues again; else empty. */
  readonly reason: string;
  /** ms until the next attempt while it is interrupted. */
  readonly retryIn: number;
}

/** Whom to ask, and as whom. */
export interface Identity {
  /** http(s) or ws(s); its path is not used. Default: the page's own origin. */
  readonly url?: string;
  readonly token?: string;
  /** Asked for the token instead, and again when one is refused. */
  readonly getToken?: () => string | Promise<string>;
  /** With neither of both, a guest's token of this name is asked of the server. */
  readonly name?: string;
  readonly environment?: Partial<Environment>;
}

/** What is sought. See README.md for each. */
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
