import { Decoder } from "@msgpack/msgpack";

/** The first item of every message: its kind. */
export const enum Kind {
  hello = 1,
  inputs = 2,
  ack = 3,
  command = 4,
  ping = 5,
  renew = 6,
  welcome = 16,
  snapshot = 17,
  pong = 18,
  bye = 19,
  renewed = 20,
}

/** A message is invalid. Nothing else is thrown for what a server sends. */
export class ProtocolError extends Error {
  override name = "ProtocolError";

  constructor(
    message: string,
    /** Connecting again would fail the same way. */
    readonly final = false,
  ) {
    super(message);
  }
}

/** What is wrong with a value, in a ProtocolError's message. */
export const enum Fault {
  truncated = "missing",
  type = "wrong type",
  range = "out of range",
  limit = "beyond a limit",
}

export const maxUint32 = 2 ** 32 - 1;

const maxRunItems = 1 << 22; // values in one array
const maxUnknownItems = 256; // pairs in a map, of which no message has any

const decoder = new Decoder({
  useBigInt64: true, // 64 bits as bigint, so that none are lost
  rawStrings: true, // as bytes, so that invalid UTF-8 is refused, not replaced
  maxArrayLength: maxRunItems,
  maxMapLength: maxUnknownItems,
  mapKeyConverter: () => "",
});

/** A message's items, its kind included. */
export function decode(msg: Uint8Array): unknown[] {
  let v: unknown;
  try {
    v = decoder.decode(msg);
  } catch (e) {
    throw new ProtocolError(`message: ${(e as Error).message}`);
  }
  if (!Array.isArray(v)) throw new ProtocolError("message: " + Fault.type);
  return v;
}

/** The kind of a message; 0 if it does not begin like one. The rest is not read. */
export function kindOf(msg: Uint8Array): number {
  const at = msg[0]! < 0xa0 ? 1 : msg[0] === 0xdc ? 3 : 5; // behind the array's head
  const kind = msg[at] === 0xcc ? msg[at + 1] : msg[at]; // a byte longer than it has to be
  return kind! < 128 ? kind! : 0;
}
