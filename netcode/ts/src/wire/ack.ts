import { Kind } from "./message.ts";
import { Writer } from "./writer.ts";

/**
 * Acknowledges the newest snapshot applied; tick 0 requests a keyframe:
 *
 *     [3, tick]
 */
export function appendAck(tick: number): Uint8Array<ArrayBuffer> {
  return new Writer(2, Kind.ack).int(tick).bytes();
}
