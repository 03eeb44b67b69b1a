import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("..", import.meta.url));

function compile(file: string): string[] {
  const tsc = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", `test/types/${file}.json`, "--pretty", "false"], { cwd: top, encoding: "utf8" });
  assert.equal(tsc.error, undefined);
  return tsc.stdout.split("\n").filter((line) => line.includes("error TS"));
}

test("what arbiter gen ts writes compiles, and so does what uses it", () => {
  assert.deepEqual(compile("good"), []);
});

test("wrong names are compile errors", () => {
  const lines = readFileSync(`${top}/test/types/bad.ts`, "utf8").split("\n");
  const want = lines.flatMap((line, k) => (line.endsWith("// error") ? [k + 1] : []));
  const got = compile("bad").map((line) => Number(/bad\.ts\((\d+),/.exec(line)?.[1] ?? `NaN of ${line}`));
  assert.deepEqual([...new Set(got)], want);
});
