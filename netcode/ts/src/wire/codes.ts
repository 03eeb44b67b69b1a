/** What a client does after a connection closed. */
export type Action = "give up" | "resume" | "reconnect";

/** One row of the close code table: its number, sentence for the player, and action. */
export type CodeInfo = readonly [code: number, text: string, action: Action];

const kept = " your seat is kept.";
const update = " update the game.";
const resume = "resume";
const reconnect = "reconnect";
const giveUp = "give up";

/** The table of close codes, ascending. */
export const codes: readonly CodeInfo[] = [
  [1000, "The connection was closed as agreed.", giveUp],
  [1001, "This server is shutting down; another one can take you.", reconnect],
  [1002, "The connection broke the WebSocket rules; something between you and the server may be at fault.", giveUp],
  [1003, "The game sent text where the server expects binary;" + update, giveUp],
  [1005, "The connection was closed without a reason;" + kept, resume],
  [1006, "The connection was lost;" + kept, resume],
  [1007, "The game sent text that is not valid UTF-8;" + update, giveUp],
  [1008, "The game sent more than the server accepts.", giveUp],
  [1009, "The game sent a message larger than the server accepts.", giveUp],
  [1011, "The server had an internal error;" + kept, resume],
  [1012, "The server is restarting;" + kept, resume],
  [1013, "The server is busy; join again in a moment.", reconnect],

  [4000, "Your connection could not keep up with the match;" + kept, resume],
  [4001, "The server heard nothing from you for too long;" + kept, resume],
  [4002, "The server is moving your connection;" + kept, resume],

  [4100, "You were away too long and your seat was given up; join again.", reconnect],
  [4101, "The match ended because of an error in the game; join another.", reconnect],
  [4102, "This server is being emptied; join again to play on another.", reconnect],
  [4103, "This server has more players than it can serve; join again to play on another.", reconnect],

  [4200, "The match is over.", giveUp],
  [4201, "You joined this match from another place, which took over your seat.", giveUp],
  [4202, "You were removed from the match.", giveUp],
  [4203, "There is no such match; it may have ended.", giveUp],
  [4204, "The match is full.", giveUp],
  [4205, "The game and the server are of different versions;" + update, giveUp],
  [4206, "The game sent a message that the server does not understand;" + update, giveUp],
  [4207, "The game sent messages faster than the server accepts.", giveUp],
  [4208, "The game sent more inputs than the server can hold.", giveUp],
  [4209, "Your sign-in has expired; sign in again.", giveUp],
  [4210, "The game connected but did not introduce itself in time.", giveUp],
  [4211, "This server does not run that game.", giveUp],
];

/** What a code means. One that is not in the table is judged by its range. */
export function codeInfo(code: number): CodeInfo {
  const row = codes.find((c) => c[0] === code);
  if (row) return row;
  const action = code >= 4000 && code <= 4099 ? resume : code >= 4100 && code <= 4199 ? reconnect : giveUp;
  return [code, "The connection was closed for a reason this version of the game does not know.", action];
}
