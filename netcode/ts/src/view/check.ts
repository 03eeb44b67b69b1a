import { Checksum } from "../wire/checksum.ts";
import type { Schema } from "../wire/schema.ts";
import type { Frame } from "./frame.ts";

/**
 * Returns the state hash of a frame as player sees it: the public fields of all rows and,
 * of the player's own rows, the owner's fields. The server sends the same hash to be compared.
 */
export function frameSum(s: Schema, f: Frame, player: number): number {
  const all = new Checksum();
  const own = new Checksum();
  s.tables.forEach((t, i) => {
    const { ids, rows } = f.tables[i]!;
    if (ids.length === 0 || t.fields.length === 0) return;
    all.word(i);
    all.word(ids.length);
    ids.forEach((id, k) => {
      all.word(id);
      all.fields(t.fields, rows[k]!, 0, t.public);
      if (player !== 0 && t.public < t.fields.length && rows[k]![t.owner] === player) {
        own.word(i);
        own.word(id);
        own.fields(t.fields, rows[k]!, t.public, t.fields.length);
      }
    });
  });
  const both = new Checksum(all.sum());
  both.word(own.sum());
  return both.sum();
}
