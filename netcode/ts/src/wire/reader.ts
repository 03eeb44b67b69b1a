import { int, sub, type Int } from "./int64.ts";
import { decode, Fault, maxUint32, ProtocolError } from "./message.ts";

export const bias = 48;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads decoded items one by one. A missing item at the end is nil. */
export class Reader {
  #at = 0;

  readonly #items: readonly unknown[];
  readonly #name: string;

  constructor(
    items: readonly unknown[],
    name: string,
  ) {
    this.#items = items;
    this.#name = name;
  }

  /** Opens a message of that kind, after its kind. */
  static message(msg: Uint8Array, kind: number, name: string): Reader {
    const items = decode(msg);
    const r = new Reader(items, name);
    if (items[0] !== kind) r.fail(Fault.type);
    r.#at = 1;
    return r;
  }

  fail(why: string = Fault.range): never {
    throw new ProtocolError(`${this.#name}, item ${this.#at}: ${why}`);
  }

  get left(): number {
    return this.#items.length - this.#at;
  }

  /** Reports whether the next item is nil or missing, and skips it if so. */
  nil(): boolean {
    if (this.#items[this.#at] != null) return false;
    this.#at++;
    return true;
  }

  raw(): unknown {
    const v = this.#items[this.#at];
    if (v == null) this.fail(v === null ? Fault.type : Fault.truncated);
    this.#at++;
    return v;
  }

  /** An integer up to 64 bits. */
  int(): Int {
    const v = this.raw();
    if (typeof v === "number" && Number.isSafeInteger(v)) return v + 0;
    if (typeof v !== "bigint") this.fail(Fault.type);
    if (v !== BigInt.asIntN(64, v)) this.fail();
    return int(v);
  }

  /** An integer that was sent as value + 48. */
  biased(): Int {
    return sub(this.int(), bias);
  }

  /** An integer in 0…max. */
  uint(max = maxUint32): number {
    const v = this.int();
    if (typeof v === "bigint" || v < 0 || v > max) this.fail();
    return v;
  }

  /** 0 or 1. */
  flag(): boolean {
    return this.uint(1) > 0;
  }

  /** An integer from 1 to max. */
  rate(max: number): number {
    return this.uint(max) || this.fail();
  }

  /** A float, NaN and infinities too, or an integer in its place. */
  float(): number {
    const v = this.raw();
    if (typeof v === "bigint") return Number(v);
    return typeof v === "number" ? v : this.fail(Fault.type);
  }

  /** A text of at most max bytes of UTF-8. */
  text(max: number): string {
    const v = this.#octets(false);
    if (v.length > max) this.fail(Fault.limit);
    try {
      return utf8.decode(v);
    } catch {
      return this.fail();
    }
  }

  /** Exactly n bytes of binary. */
  bin(n: number): Uint8Array {
    const v = this.#octets(true);
    if (v.length !== n) this.fail();
    return v.slice();
  }

  /** A text or binary. The decoder returns both alike; the head in front of the payload distinguishes them. */
  #octets(binary: boolean): Uint8Array {
    const v = this.raw();
    if (!(v instanceof Uint8Array)) this.fail(Fault.type);
    const [head, n] = new Uint8Array(v.buffer).subarray(v.byteOffset - 2);
    return (head === 0xc4 && n === v.length) === binary ? v : this.fail(Fault.type);
  }

  /** An array of at most max items. */
  list(max: number): Reader {
    const v = this.raw();
    if (!Array.isArray(v)) this.fail(Fault.type);
    if (v.length > max) this.fail(Fault.limit);
    return new Reader(v, this.#name);
  }

  /** The array that comes next, or undefined if it is nil. */
  optional(max: number): Reader | undefined {
    return this.nil() ? undefined : this.list(max);
  }
}
