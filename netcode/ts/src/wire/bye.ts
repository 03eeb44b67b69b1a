import { Kind } from "./message.ts";
import { Reader } from "./reader.ts";

const maxReason = 123; // bytes

/** The last message before the server closes the connection. */
export interface Bye {
  readonly code: number;
  readonly reason: string; // the server's text, often empty
}

/**
 *     [19, code, reason]
 */
export function parseBye(msg: Uint8Array): Bye {
  const r = Reader.message(msg, Kind.bye, "bye");
  const bye = { code: r.uint(0xffff), reason: r.nil() ? "" : r.text(maxReason) };
  return bye;
}
