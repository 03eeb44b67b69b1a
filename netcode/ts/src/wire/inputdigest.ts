import { Checksum } from "./checksum.ts";
import type { Cell } from "./int64.ts";
import type { Packing } from "./packing.ts";
import { FieldKind, type RowSchema } from "./schema.ts";

/**
 * A running hash of a seat's inputs and commands. The client keeps one of what the server says
 * it applied, the server one of what it did apply. If the hashes differ at the same count, an
 * input was lost, repeated or changed on the way.
 */
export class InputDigest {
  count = 0;
  hash = 0;

  input(p: Packing, cells: readonly Cell[]): void {
    const h = new Checksum(this.hash);
    h.word(1);
    for (const word of p.words) {
      if (word.product > 0) h.word(p.pack(word, cells));
      else h.cell(FieldKind.int, cells[word.first]!);
    }
    this.#add(h);
  }

  command(kind: number, s: RowSchema, cells: readonly Cell[]): void {
    const h = new Checksum(this.hash);
    h.word(2);
    h.word(kind);
    h.fields(s.fields, cells, 0, s.fields.length);
    this.#add(h);
  }

  #add(h: Checksum): void {
    this.count++;
    this.hash = h.state;
  }
}
