/**
 * Finds a match on an Arbiter server. See README.md.
 */
import { Search } from "./matchmakesearch.ts";
import type { FoundSeat, MatchmakeOptions } from "./matchmaketypes.ts";

export { joinParty, makeParty, Party, type PartyMember, type PartyOptions, type PartyState } from "./matchmakeparty.ts";
export { EndedError, Problem, type Fault } from "./matchmakeproblem.ts";
export type * from "./matchmaketypes.ts";

/**
 * Queues, follows the ticket until there is a match, and resolves with the seat in it, which connect() takes.
 * Rejects with a Problem if the server refuses for good, with an EndedError if the ticket ends without a match,
 * and with the signal's reason when it is aborted, having taken the ticket out of the queue.
 */
export function matchmake(options: MatchmakeOptions): Promise<FoundSeat> {
  return new Search(options).run();
}
