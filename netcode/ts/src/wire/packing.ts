import { add, sub, type Cell, type Int } from "./int64.ts";
import { FieldKind, type Field, type RowSchema } from "./schema.ts";
import type { Writer } from "./writer.ts";

const maxProduct = 2 ** 31;
const maxCell = 2 ** 53; // of a fixed field

interface Word {
  readonly first: number; // leaf
  count: number;
  product: number; // of the leaves' ranges; 0: one leaf, biased
}

/**
 * Packs the cells of an input into as few integers as possible. Bounded leaves are digits of
 * mixed-radix numbers up to 2^31, the first the least significant; any other leaf is an integer
 * of its own, biased.
 */
export class Packing {
  readonly words: readonly Word[];

  readonly #schema: RowSchema;

  constructor(schema: RowSchema) {
    this.#schema = schema;
    const words: Word[] = [];
    schema.fields.forEach((f, first) => {
      const range = f.bounded ? add(sub(f.max, f.min), 1) : 0;
      if (typeof range === "bigint" || range <= 0 || range > maxProduct) {
        words.push({ first, count: 1, product: 0 });
        return;
      }
      const last = words.at(-1);
      const product = (last?.product ?? 0) * range;
      if (last && product > 0 && product <= maxProduct) {
        last.count++;
        last.product = product;
      } else {
        words.push({ first, count: 1, product: range });
      }
    });
    this.words = words;
  }

  /** Writes the integers of a row. A cell outside its bounds is brought to the nearer one. */
  append(w: Writer, cells: readonly Cell[]): void {
    for (const word of this.words) {
      if (word.product > 0) w.int(this.pack(word, cells));
      else w.biased(bound(this.#schema.fields[word.first]!, cells[word.first] as Int));
    }
  }

  pack(word: Word, cells: readonly Cell[]): number {
    let n = 0;
    for (let i = word.first + word.count - 1; i >= word.first; i--) {
      const f = this.#schema.fields[i]!;
      n = n * (Number(f.max) - Number(f.min) + 1) + Number(sub(bound(f, cells[i] as Int), f.min));
    }
    return n;
  }
}

/** Brings a cell into its field's bounds, declared or given by its kind. */
export function bound(f: Field, c: Int): Int {
  if (!f.bounded && f.kind !== FieldKind.fixed) return c;
  const [least, most] = f.bounded ? [f.min, f.max] : [-maxCell, maxCell];
  return c > most ? most : c < least ? least : c;
}
