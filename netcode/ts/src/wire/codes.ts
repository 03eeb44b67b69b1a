/** What a client does after a connection closed. */
export type Action = "give up" | "resume" | "reconnect";

const kept = " your seat is kept.";
const update = " update the game.";

/** The table of close codes: a sentence for the player. */
export const codes: Readonly<Record<number, string>> = {
  1000: "The connection was closed as agreed.",
  1001: "This server is shutting down; another one can take you.",
  1002: "The connection broke the WebSocket rules; something between you and the server may be at fault.",
  1003: "The game sent text where the server expects binary;" + update,
  1005: "The connection was closed without a reason;" + kept,
  1006: "The connection was lost;" + kept,
  1007: "The game sent text that is not valid UTF-8;" + update,
  1008: "The game sent more than the server accepts.",
  1009: "The game sent a message larger than the server accepts.",
  1011: "The server had an internal error;" + kept,
  1012: "The server is restarting;" + kept,
  1013: "The server is busy; join again in a moment.",

  4000: "Your connection could not keep up with the match;" + kept,
  4001: "The server heard nothing from you for too long;" + kept,
  4002: "The server is moving your connection;" + kept,

  4100: "You were away too long and your seat was given up; join again.",
  4101: "The match ended because of an error in the game; join another.",
  4102: "This server is being emptied; join again to play on another.",
  4103: "This server has more players than it can serve; join again to play on another.",

  4200: "The match is over.",
  4201: "You joined this match from another place, which took over your seat.",
  4202: "You were removed from the match.",
  4203: "There is no such match; it may have ended.",
  4204: "The match is full.",
  4205: "The game and the server are of different versions;" + update,
  4206: "The game sent a message that the server does not understand;" + update,
  4207: "The game sent messages faster than the server accepts.",
  4208: "The game sent more inputs than the server can hold.",
  4209: "Your sign-in has expired; sign in again.",
  4210: "The game connected but did not introduce itself in time.",
  4211: "This server does not run that game.",
  4212: "Your seat was already taken with this token; join again.",
  4213: "You came too late and your seat was given up; join again.",
  4214: "The operators of this server refuse your sign-in for now.",
};

/** The sentence of a code. */
export function textOf(code: number): string {
  return codes[code] ?? "The connection was closed for a reason this version of the game does not know.";
}

/** What a client does after a code: those of its own protocol, known or not, are judged by their range. */
export function actionOf(code: number): Action {
  const resumes = [1005, 1006, 1011, 1012].includes(code) || (code >= 4000 && code <= 4099);
  const reconnects = [1001, 1013].includes(code) || (code >= 4100 && code <= 4199);
  return resumes ? "resume" : reconnects ? "reconnect" : "give up";
}
