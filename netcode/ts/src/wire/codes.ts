/** What a client does after a connection closed. */
export type Action = "give up" | "resume" | "reconnect";

const kept = " your seat is kept.";
const update = " update the game.";

/**
 * Sentences for the player, for close codes that arrive without a text or with one that needs an
 * introduction. For all other codes the server sends the sentence itself.
 */
export const codes: Readonly<Record<number, string>> = {
  1000: "The connection was closed normally.",
  1001: "This server is shutting down; join again to play on another.",
  1002: "The connection violated the WebSocket protocol; a program between you and the server may be at fault.",
  1003: "The game sent text where the server expects binary data;" + update,
  1005: "The connection was closed without a reason;" + kept,
  1006: "The connection was lost;" + kept,
  1007: "The game sent text that is not valid UTF-8;" + update,
  1008: "The game sent more data than the server accepts.",
  1009: "The game sent a message larger than the server accepts.",
  1011: "The server had an internal error;" + kept,
  1012: "The server is restarting;" + kept,
  1013: "The server is busy; join again in a moment.",

  4001: "The server heard nothing from you for too long;" + kept,

  4200: "The match is over.",
  4202: "You were removed from the match.",
  4206: "The game sent a message that the server does not understand;" + update,
  4210: "The game connected but did not identify itself in time.",
};

/** The sentence of a code. */
export function textOf(code: number): string {
  return codes[code] ?? "The connection was closed for a reason this version of the game does not know.";
}

/** What a client does after a close code. Codes from 4000 on, known or not, are judged by their range. */
export function actionOf(code: number): Action {
  const resumes = [1005, 1006, 1011, 1012].includes(code) || (code >= 4000 && code <= 4099);
  const reconnects = [1001, 1013].includes(code) || (code >= 4100 && code <= 4199);
  return resumes ? "resume" : reconnects ? "reconnect" : "give up";
}
