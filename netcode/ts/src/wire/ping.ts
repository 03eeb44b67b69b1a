import { Kind } from "./message.ts";
import { Writer } from "./wire.ts";

/**
 * Asks for a pong; clientTime in whole microseconds comes back as it is:
 *
 *     [5, clientTime]
 */
export function appendPing(clientTime: number): Uint8Array<ArrayBuffer> {
  return new Writer(2, Kind.ping).int(clientTime).bytes();
}
