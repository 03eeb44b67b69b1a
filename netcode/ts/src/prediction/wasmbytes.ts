import type { Block, Cells } from "../view/frame.ts";
import { int, type Cell } from "../wire/int64.ts";
import { FieldKind, type Field, type RowSchema } from "../wire/schema.ts";
import { setFloat } from "../wire/writer.ts";

const utf8 = new TextEncoder();
const text = new TextDecoder();

const padded = (n: number): number => (n + 7) & ~7;

/** Writes what cmd/arbiter/app/wasm reads: little endian, every part at a multiple of 8. */
export class Pack {
  #view = new DataView(new ArrayBuffer(4096));
  #n = 0;

  bytes(): Uint8Array {
    return new Uint8Array(this.#view.buffer, 0, this.#n);
  }

  u32(...values: number[]): this {
    const v = this.#room(4 * values.length);
    for (const x of values) {
      v.setUint32(this.#n, x, true);
      this.#n += 4;
    }
    return this;
  }

  /** One row's cells. Texts become their number in texts, to which they are added. */
  cells(fields: readonly Field[], cells: Cells, texts: string[]): this {
    const v = this.#room(8 * fields.length);
    fields.forEach((f, k) => {
      let c = cells[k]!;
      if (typeof c === "string") c = texts.push(c) - 1;
      if (f.kind === FieldKind.real) {
        setFloat(v, this.#n, c as number, true);
      } else if (typeof c === "bigint") {
        v.setBigInt64(this.#n, c, true);
      } else {
        v.setInt32(this.#n, c | 0, true); // modulo 2^32
        v.setInt32(this.#n + 4, Math.floor(c / 2 ** 32), true);
      }
      this.#n += 8;
    });
    return this;
  }

  block(s: RowSchema, b: Block): this {
    const head = this.#n;
    this.u32(b.ids.length, 0, 0, 0);
    const texts: string[] = [];
    for (const row of b.rows) this.cells(s.fields, row, texts);
    for (const id of b.ids) this.u32(id);
    return this.#pad().#texts(texts, head + 8);
  }

  command(player: number, kind: number, s: RowSchema, cells: Cells): this {
    const head = this.#n;
    const texts: string[] = [];
    return this.u32(player, kind, 0, 0).cells(s.fields, cells, texts).#texts(texts, head + 8);
  }

  /** The texts, and at at their number and size. */
  #texts(texts: string[], at: number): this {
    const begin = this.#n;
    for (const s of texts) {
      const b = utf8.encode(s);
      this.u32(b.length).#room(b.length);
      new Uint8Array(this.#view.buffer).set(b, this.#n);
      this.#n += b.length;
    }
    this.#pad();
    this.#view.setUint32(at, texts.length, true);
    this.#view.setUint32(at + 4, this.#n - begin, true);
    return this;
  }

  #pad(): this {
    this.#room(8);
    this.#n = padded(this.#n);
    return this;
  }

  #room(n: number): DataView {
    if (this.#n + n > this.#view.byteLength) {
      const old = new Uint8Array(this.#view.buffer);
      this.#view = new DataView(new ArrayBuffer(2 * old.length + n));
      new Uint8Array(this.#view.buffer).set(old);
    }
    return this.#view;
  }
}

/** The block at an offset of a message, and where it ends. */
export function readBlock(m: DataView<ArrayBuffer>, at: number, s: RowSchema): [Block, number] {
  const width = s.fields.length;
  const rows = m.getUint32(at, true);
  const nTexts = m.getUint32(at + 8, true);
  const cells = at + 16;
  const ids = cells + 8 * rows * width;
  const end = padded(ids + 4 * rows) + m.getUint32(at + 12, true);
  const texts: string[] = [];
  for (let n = nTexts, from = padded(ids + 4 * rows); n > 0; n--) {
    const length = m.getUint32(from, true);
    texts.push(text.decode(new Uint8Array(m.buffer, m.byteOffset + from + 4, length)));
    from += 4 + length;
  }
  const block = {
    ids: Array.from({ length: rows }, (_, k) => m.getUint32(ids + 4 * k, true)),
    rows: Array.from({ length: rows }, (_, k) => s.fields.map((f, n) => readCell(m, cells + 8 * (k * width + n), f, texts))),
  };
  return [block, end];
}

function readCell(m: DataView, at: number, f: Field, texts: readonly string[]): Cell {
  if (f.kind === FieldKind.real) return m.getFloat64(at, true);
  const c = m.getInt32(at + 4, true) * 2 ** 32 + m.getUint32(at, true);
  if (f.kind === FieldKind.text) return texts[c] ?? "";
  return Number.isSafeInteger(c) ? c : int(m.getBigInt64(at, true));
}
