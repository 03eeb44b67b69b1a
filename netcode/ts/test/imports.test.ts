import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

/** What each file of a folder imports of that folder, type imports and dynamic imports included. */
type Imports = ReadonlyMap<string, readonly string[]>;

function importsOf(folder: string): Imports {
  const top = fileURLToPath(new URL(folder, import.meta.url));
  const from = /(?:\bfrom|\bimport)[\s(]*["'](\.[^"']+)["']/g;
  const files = readdirSync(top, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
  return new Map(files.map((f) => [f, [...readFileSync(join(top, f), "utf8").matchAll(from)].map((m) => normalize(join(dirname(f), m[1]!)))]));
}

/** The first import circle found, as a path from a file to itself. */
function circle(imports: Imports): string[] | undefined {
  const done = new Set<string>();
  const walk = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const to of imports.get(file) ?? []) {
      const found = walk(to, [...path, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const found = walk(file, []);
    if (found) return found;
  }
  return undefined;
}

/** The rooms of src, and which others each may import. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  platform: [],
  wire: [],
  view: ["wire"],
  core: ["wire", "view"],
  prediction: ["wire", "view", "core", "platform"],
  client: ["wire", "view", "core", "platform", "prediction"],
  matchmake: ["core", "platform"],
};

test("no file of the client or of the playground imports itself through others", () => {
  for (const folder of ["../src", "../../../cmd/arbiter/web/app"]) {
    const imports = importsOf(folder);
    assert.ok([...imports.values()].flat().length > 50, `${folder} was read`);
    assert.deepEqual(circle(imports) ?? [], [], `import circle in ${folder}`);
  }
  assert.deepEqual(circle(new Map([["a", ["b"]], ["b", ["c", "d"]], ["c", []], ["d", ["b"]]])), ["b", "d", "b"]);
});

test("the rooms of the client import each other in one direction", () => {
  const wrong: string[] = [];
  for (const [file, targets] of importsOf("../src")) {
    const [room, inRoom] = file.split("/");
    if (!inRoom) continue; // index.ts, which exports from all of them
    assert.ok(rooms[room!], `${file} is in no known room`);
    for (const to of targets) {
      const target = to.split("/")[0]!;
      if (target !== room && !rooms[room!]!.includes(target)) wrong.push(`${file} imports ${to}`);
    }
  }
  assert.deepEqual(wrong, []);
});
