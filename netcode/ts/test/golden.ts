import { readFileSync } from "node:fs";
import type { Cell, Int } from "../src/wire/int64.ts";
import { int } from "../src/wire/int64.ts";
import { FieldKind, type RowSchema, type Schema } from "../src/wire/schema.ts";
import { parseSchema } from "../src/wire/schemawire.ts";

/** One case of a file that Go wrote. */
export interface Golden {
  name: string;
  on?: string;
  hex: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  fields: any;
}

/** Numbers beyond 2^53 come as bigints. */
export function golden(file: string): Golden[] {
  const text = readFileSync(new URL(`../../testdata/golden/${file}.json`, import.meta.url), "utf8");
  const exact = text.replace(/(?<=[:[,])-?\d{16,}(?=[,\]}])/g, (n) => `"int ${n}"`);
  return JSON.parse(exact, (_, v) => (typeof v === "string" && v.startsWith("int ") ? int(BigInt(v.slice(4))) : v)) as Golden[];
}

export function unhex(s: string): Uint8Array {
  return Uint8Array.from(s.match(/../g) ?? [], (b) => parseInt(b, 16));
}

/** A schema of one of the golden files. */
export function schemaOf(name: string, file = "schema"): Schema {
  const c = golden(file).find((c) => c.name === name || (c.name === "schema" && c.on === name));
  if (!c) throw new Error(`no schema ${name} in ${file}.json`);
  return parseSchema(unhex(c.hex));
}

const bits = new DataView(new ArrayBuffer(8));

/** The cells of a row as this package has them, from Go's: ints, and texts by index. */
export function cellsOf(s: RowSchema, cells: readonly (Int | string)[], texts: readonly string[] | null): Cell[] {
  return s.fields.map((f, k) => {
    const c = BigInt(cells[k] ?? 0);
    if (f.kind === FieldKind.text) return texts?.[Number(c)] ?? "";
    if (f.kind !== FieldKind.real) return int(c);
    bits.setBigInt64(0, c);
    return bits.getFloat64(0);
  });
}
