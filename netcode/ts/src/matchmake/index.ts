/**
 * Matchmaking: finds a match through a queue of an Arbiter server. See README.md.
 */
import { Search } from "./search.ts";
import type { FoundSeat, MatchmakeOptions } from "./types.ts";

export { joinParty, makeParty, Party, type PartyMember, type PartyOptions, type PartyState } from "./party.ts";
export { EndedError, Problem, type Fault } from "./problem.ts";
export type * from "./types.ts";

/**
 * Queues for a match and resolves with a seat in it, which connect() accepts as its options. Rejects with a
 * Problem if the server refuses for good, with an EndedError if the ticket ends without a match, and with the
 * signal's reason when that is aborted, after taking the ticket out of the queue.
 */
export function matchmake(options: MatchmakeOptions): Promise<FoundSeat> {
  return new Search(options).run();
}
