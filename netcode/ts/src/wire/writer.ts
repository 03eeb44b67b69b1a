import { add, type Int } from "./int64.ts";
import { bias } from "./reader.ts";

export const utf8 = new TextEncoder();
export const float = new DataView(new ArrayBuffer(8));

/** Writes a float. NaN is always the same bits: engines may keep those of any. */
export function setFloat(to: DataView, at: number, v: number, littleEndian = false): void {
  if (v === v) to.setFloat64(at, v, littleEndian);
  else to.setBigUint64(at, 0x7ff8000000000000n, littleEndian);
}

/** Writes msgpack values in their shortest form. */
export class Writer {
  readonly #out: number[] = [];

  /** Begins a message of that many items and that kind. */
  constructor(items: number, kind: number) {
    this.array(items).int(kind);
  }

  /** The head of an array of less than 65536 items. */
  array(items: number): this {
    if (items < 16) this.#out.push(0x90 | items);
    else this.#sized(0xdb, 1, items);
    return this;
  }

  /** What was written. */
  bytes(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#out);
  }

  nil(): this {
    this.#out.push(0xc0);
    return this;
  }

  int(v: Int): this {
    if (typeof v === "bigint" || v > 0xffffffff || v < -0x80000000) {
      float.setBigInt64(0, BigInt(v));
      return this.#eight(v > 0 ? 0xcf : 0xd3);
    }
    if (v >= -0x20 && v < 0x80) this.#out.push(v & 0xff);
    else if (v >= 0) this.#sized(0xcc, v < 0x100 ? 0 : v < 0x10000 ? 1 : 2, v);
    else this.#sized(0xd0, v >= -0x80 ? 0 : v >= -0x8000 ? 1 : 2, v);
    return this;
  }

  /** d + 48, one byte for −80…79. */
  biased(d: Int): this {
    return this.int(add(d, bias));
  }

  float(v: number): this {
    setFloat(float, 0, v);
    return this.#eight(0xcb);
  }

  text(s: string): this {
    const b = utf8.encode(s);
    if (b.length < 32) this.#out.push(0xa0 | b.length);
    else this.#sized(0xd9, b.length < 0x100 ? 0 : 1, b.length);
    this.#out.push(...b);
    return this;
  }

  /** Binary of less than 256 bytes; nothing is nil. */
  bin(b: Uint8Array | undefined): this {
    if (!b) return this.nil();
    this.#out.push(0xc4, b.length, ...b);
    return this;
  }

  /** The head of the kind whose form with one byte is first, and v in 2^size bytes. */
  #sized(first: number, size: number, v: number): void {
    this.#out.push(first + size);
    for (let n = 1 << size; n-- > 0; ) this.#out.push((v >> (8 * n)) & 0xff);
  }

  #eight(head: number): this {
    this.#out.push(head, ...new Uint8Array(float.buffer));
    return this;
  }
}

/** Shortens s to at most n bytes of UTF-8 without splitting a character. */
export function cutText(s: string, n: number): string {
  const b = utf8.encode(s);
  if (b.length <= n) return s;
  while (n > 0 && (b[n]! & 0xc0) === 0x80) n--;
  return new TextDecoder().decode(b.subarray(0, n));
}
