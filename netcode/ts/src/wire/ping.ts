import { Kind } from "./message.ts";
import { Writer } from "./writer.ts";

/**
 * Requests a pong, which returns clientTime, in whole microseconds, unchanged:
 *
 *     [5, clientTime]
 */
export function appendPing(clientTime: number): Uint8Array<ArrayBuffer> {
  return new Writer(2, Kind.ping).int(clientTime).bytes();
}
