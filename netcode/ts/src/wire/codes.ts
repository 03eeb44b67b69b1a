/** What a client does after a connection closed. */
export type Action = "give up" | "resume" | "reconnect";

/** One row of the close code table: its number, name, sentence for the player, and action. */
export type CodeInfo = readonly [code: number, name: string, text: string, action: Action];

const kept = " your seat is kept.";
const update = " update the game.";
const resume = "resume";
const reconnect = "reconnect";
const giveUp = "give up";

/** The table of close codes, ascending. */
export const codes: readonly CodeInfo[] = [
  [1000, "normal", "The connection was closed as agreed.", giveUp],
  [1001, "going-away", "This server is shutting down; another one can take you.", reconnect],
  [1002, "protocol", "The connection broke the WebSocket rules; something between you and the server may be at fault.", giveUp],
  [1003, "not-binary", "The game sent text where the server expects binary;" + update, giveUp],
  [1005, "no-status", "The connection was closed without a reason;" + kept, resume],
  [1006, "lost", "The connection was lost;" + kept, resume],
  [1007, "bad-text", "The game sent text that is not valid UTF-8;" + update, giveUp],
  [1008, "policy", "The game sent more than the server accepts.", giveUp],
  [1009, "too-big", "The game sent a message larger than the server accepts.", giveUp],
  [1011, "server-error", "The server had an internal error;" + kept, resume],
  [1012, "restart", "The server is restarting;" + kept, resume],
  [1013, "try-later", "The server is busy; join again in a moment.", reconnect],

  [4000, "slow", "Your connection could not keep up with the match;" + kept, resume],
  [4001, "silent", "The server heard nothing from you for too long;" + kept, resume],
  [4002, "rebalance", "The server is moving your connection;" + kept, resume],

  [4100, "seat-lapsed", "You were away too long and your seat was given up; join again.", reconnect],
  [4101, "match-broken", "The match ended because of an error in the game; join another.", reconnect],
  [4102, "drain", "This server is being emptied; join again to play on another.", reconnect],
  [4103, "overloaded", "This server has more players than it can serve; join again to play on another.", reconnect],

  [4200, "match-finished", "The match is over.", giveUp],
  [4201, "replaced", "You joined this match from another place, which took over your seat.", giveUp],
  [4202, "kicked", "You were removed from the match.", giveUp],
  [4203, "no-match", "There is no such match; it may have ended.", giveUp],
  [4204, "match-full", "The match is full.", giveUp],
  [4205, "version", "The game and the server are of different versions;" + update, giveUp],
  [4206, "malformed", "The game sent a message that the server does not understand;" + update, giveUp],
  [4207, "rate", "The game sent messages faster than the server accepts.", giveUp],
  [4208, "input-overflow", "The game sent more inputs than the server can hold.", giveUp],
  [4209, "token-expired", "Your sign-in has expired; sign in again.", giveUp],
  [4210, "auth-deadline", "The game connected but did not introduce itself in time.", giveUp],
  [4211, "no-game", "This server does not run that game.", giveUp],
];

/** What a code means. One that is not in the table is judged by its range. */
export function codeInfo(code: number): CodeInfo {
  const row = codes.find((c) => c[0] === code);
  if (row) return row;
  const action = code >= 4000 && code <= 4099 ? resume : code >= 4100 && code <= 4199 ? reconnect : giveUp;
  return [code, "unknown", "The connection was closed for a reason this version of the game does not know.", action];
}
