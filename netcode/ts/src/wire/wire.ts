import type { Int } from "./int64.ts";
import { bias } from "./reader.ts";
import { add } from "./int64.ts";

const utf8 = new TextEncoder();

/** Writes msgpack values in their shortest form. */
export class Writer {
  private buf = new Uint8Array(128);
  private view = new DataView(this.buf.buffer);
  private n = 0;

  /** Begins a message of that many items and that kind. */
  constructor(items: number, kind: number) {
    if (items < 16) this.byte(0x90 | items);
    else this.byte(0xdc).sized(2, items);
    this.byte(kind);
  }

  /** What was written. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.buf.slice(0, this.n);
  }

  nil(): this {
    return this.byte(0xc0);
  }

  int(v: Int): this {
    if (typeof v === "bigint" || v > 0xffffffff || v < -0x80000000) {
      this.byte(v > 0 ? 0xcf : 0xd3);
      this.room(8).setBigUint64(this.n, BigInt.asUintN(64, BigInt(v)));
      this.n += 8;
      return this;
    }
    if (v >= 0) {
      if (v < 0x80) return this.byte(v);
      if (v < 0x100) return this.byte(0xcc).byte(v);
      return v < 0x10000 ? this.byte(0xcd).sized(2, v) : this.byte(0xce).sized(4, v);
    }
    if (v >= -0x20) return this.byte(v);
    if (v >= -0x80) return this.byte(0xd0).byte(v);
    return v >= -0x8000 ? this.byte(0xd1).sized(2, v) : this.byte(0xd2).sized(4, v);
  }

  /** d + 48, one byte for −80…79. */
  biased(d: Int): this {
    return this.int(add(d, bias));
  }

  float(v: number): this {
    this.byte(0xcb).room(8).setFloat64(this.n, v);
    this.n += 8;
    return this;
  }

  text(s: string): this {
    const b = utf8.encode(s);
    if (b.length < 32) this.byte(0xa0 | b.length);
    else if (b.length < 0x100) this.byte(0xd9).byte(b.length);
    else this.byte(0xda).sized(2, b.length);
    return this.append(b);
  }

  /** Binary of less than 256 bytes; nothing is nil. */
  bin(b: Uint8Array | undefined): this {
    return b ? this.byte(0xc4).byte(b.length).append(b) : this.nil();
  }

  private byte(v: number): this {
    this.room(1).setUint8(this.n++, v);
    return this;
  }

  private sized(width: 2 | 4, v: number): this {
    const view = this.room(width);
    if (width === 2) view.setUint16(this.n, v);
    else view.setUint32(this.n, v);
    this.n += width;
    return this;
  }

  private append(b: Uint8Array): this {
    this.room(b.length);
    this.buf.set(b, this.n);
    this.n += b.length;
    return this;
  }

  private room(n: number): DataView {
    if (this.n + n > this.buf.length) {
      const old = this.buf;
      this.buf = new Uint8Array(2 * old.length + n);
      this.buf.set(old);
      this.view = new DataView(this.buf.buffer);
    }
    return this.view;
  }
}

/** Shortens s to at most n bytes of UTF-8 without splitting a character. */
export function cutText(s: string, n: number): string {
  const b = utf8.encode(s);
  if (b.length <= n) return s;
  while (n > 0 && (b[n]! & 0xc0) === 0x80) n--;
  return new TextDecoder().decode(b.subarray(0, n));
}
