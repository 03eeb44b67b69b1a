// A game in a module of its own, without a scene in the playground.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { browse, open } from "./fixtures/browser.mjs";
import { cleanup } from "./fixtures/cleanup.mjs";
import { Program } from "./fixtures/process.mjs";
import { until } from "./fixtures/until.mjs";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Builds the program and the rules of cmd/arbiter/app/testdata/yourgame in a folder outside the repository. */
async function build(t) {
  const dir = await mkdtemp(join(tmpdir(), "arbiter-e2e-yourgame-"));
  cleanup(t, () => rm(dir, { recursive: true, force: true }));
  await cp(`${root}cmd/arbiter/app/testdata/yourgame`, dir, { recursive: true });
  await cp(`${root}go.sum`, join(dir, "go.sum"));
  await writeFile(join(dir, "go.mod"), `module example.com/yourgame\n\ngo 1.26.0\n\nrequire arbiter v0.0.0\n\nreplace arbiter => ${root}\n`);
  const program = join(dir, "yourgame"), options = { cwd: dir, env: { ...process.env, GOFLAGS: "-mod=mod" } };
  execFileSync("go", ["build", "-o", program, "."], options);
  execFileSync(program, ["wasm", "-o", "wasm", "./rules"], options);
  return { program, wasm: join(dir, "wasm") };
}

test("the playground plays a game that it has no scene for, with its own rules compiled to WebAssembly", async (t) => {
  const { program, wasm } = await build(t);
  const server = new Program(t, program, ["serve", "--addr", "127.0.0.1:0", "--admin-addr", "off", "--shed-lateness", "0", "--wasm", wasm]);
  const [, url] = await server.said(/(http:\/\/127\.0\.0\.1:\d+)\//);
  const page = await open(await browse(t), `${url}/`);
  await page.locator(".choice button", { hasText: "coins" }).click();
  const own = () => page.evaluate(() => window.playground.tab?.client?.player.room?.own("Runners")[0]?.X ?? -1);
  await until(async () => (await own()) >= 0, { what: "a seat" });
  assert.deepEqual(await page.locator("nav a").allTextContents(), ["Matchmaking", "Matches"]);
  const before = await own();
  await page.locator(".game-view").click();
  await page.keyboard.down("KeyD");
  await until(async () => (await own()) > before + 5, { what: "the runner to move" });
  await until(() => page.evaluate(() => {
    const { room } = window.playground.tab.client.player;
    return room.own("Runners")[0].X > [...room.state.Runners][0].X; // predicted ahead of the server
  }), { what: "a prediction ahead of the server" });
  assert.deepEqual(page.complaints, []);
});
