import type { Cell } from "./int64.ts";
import { FieldKind, type Field } from "./schema.ts";
import { float, setFloat, utf8 } from "./writer.ts";

/**
 * MurmurHash3 (x86, 32 bit; Austin Appleby, 2011) over 32-bit words instead of bytes. Go's
 * netcode documents the order of the words.
 */
export class Checksum {
  #h: number;

  constructor(h = 0) {
    this.#h = h;
  }

  word(w: number): void {
    w = Math.imul(w, 0xcc9e2d51);
    w = (w << 15) | (w >>> 17);
    const h = this.#h ^ Math.imul(w, 0x1b873593);
    this.#h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }

  /** A cell: the low word first. */
  cell(kind: number, c: Cell): void {
    if (typeof c === "string") {
      this.text(c);
    } else if (kind === FieldKind.real) {
      setFloat(float, 0, c as number);
      this.word(float.getInt32(4));
      this.word(float.getInt32(0));
    } else if (typeof c === "bigint") {
      this.word(Number(BigInt.asIntN(32, c)));
      this.word(Number(BigInt.asIntN(32, c >> 32n)));
    } else {
      this.word(c | 0); // modulo 2^32
      this.word(Math.floor(c / 2 ** 32) | 0);
    }
  }

  text(s: string): void {
    const b = utf8.encode(s);
    this.word(b.length);
    for (let i = 0; i < b.length; i += 4) {
      this.word(b[i]! | (b[i + 1]! << 8) | (b[i + 2]! << 16) | (b[i + 3]! << 24));
    }
  }

  fields(fields: readonly Field[], cells: readonly Cell[], from: number, to: number): void {
    for (let k = from; k < to; k++) this.cell(fields[k]!.kind, cells[k]!);
  }

  /** The state between two words, to go on from. */
  get state(): number {
    return this.#h >>> 0;
  }

  sum(): number {
    let x = this.#h;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return (x ^ (x >>> 16)) >>> 0;
  }
}
