import { readFileSync } from "node:fs";
import type { Cells } from "../src/view/frame.ts";
import type { Schema } from "../src/wire/schema.ts";
import { parseSchema } from "../src/wire/schemawire.ts";
import { cellsOf, unhex } from "./golden.ts";

/** What one player of a Go match did and was sent. */
export interface Recording {
  readonly player: number;
  readonly schema: Schema;
  readonly inputs: readonly { readonly tick: number; readonly kind: number; readonly cells: Cells }[];
  readonly snapshots: readonly {
    readonly bytes: Uint8Array;
    readonly tables: readonly { readonly ids: readonly number[]; readonly rows: readonly Cells[] }[] | undefined;
  }[];
}

interface RawTable {
  ids: number[];
  cells: string[];
  texts: string[] | null;
}

export function recording(game: string): Recording {
  const raw = data(game);
  const schema = parseSchema(unhex(raw.schema));
  return {
    player: raw.player,
    schema,
    inputs: raw.inputs.map((x: { tick: number; kind: number; cells: string[]; texts?: string[] }) => ({
      tick: x.tick,
      kind: x.kind,
      cells: cellsOf(x.kind < 0 ? schema.input : schema.commands[x.kind]!, x.cells, x.texts ?? null),
    })),
    snapshots: raw.snapshots.map((x: { hex: string; tables?: RawTable[] }) => ({
      bytes: unhex(x.hex),
      tables: x.tables?.map((t, i) => {
        const width = schema.tables[i]!.fields.length;
        const rows = t.ids.map((_, k) => cellsOf(schema.tables[i]!, t.cells.slice(k * width, (k + 1) * width), t.texts));
        return { ids: t.ids, rows };
      }),
    })),
  };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function data(name: string): any {
  return JSON.parse(readFileSync(new URL(`data/${name}.json`, import.meta.url), "utf8"));
}

/** Chance from a seed (mulberry32). */
export function chance(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
