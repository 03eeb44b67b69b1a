import { Kind } from "./message.ts";
import { Writer } from "./writer.ts";

/** Version of the protocol that this package implements. */
export const version = 1;

/** The client's first message. */
export interface Hello {
  readonly schemaHash?: Uint8Array | undefined; // of the schema the client has
  readonly resume?: Uint8Array | undefined; // id of the seat to resume
  readonly lastTick?: number; // newest state the client has, with resume; 0: none
  readonly needSchema?: boolean; // send the schema even if the hash is right
}

/**
 *     [1, version, schemaHash, resumeID, lastTick, flags]
 */
export function appendHello(h: Hello): Uint8Array<ArrayBuffer> {
  const w = new Writer(6, Kind.hello).int(version).bin(h.schemaHash).bin(h.resume);
  if (h.lastTick) w.int(h.lastTick);
  else w.nil();
  return w.int(h.needSchema ? 1 : 0).bytes();
}
