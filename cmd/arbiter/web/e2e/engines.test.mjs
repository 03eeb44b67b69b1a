// The ten lines and every tab of the playground in browsers other than Chromium.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { artifacts } from "./fixtures/browser.mjs";
import { cleanup } from "./fixtures/cleanup.mjs";
import { engines } from "./fixtures/engines.mjs";
import { matches, serve } from "./fixtures/server.mjs";
import { ready } from "./fixtures/tabs.mjs";
import { tenLines } from "./fixtures/tenlines.mjs";
import { until } from "./fixtures/until.mjs";

/** A number that stands for what the ten lines have drawn; 0 if nothing. Runs in the page. */
function picture() {
  const c = document.querySelector("canvas");
  const pixels = new Uint32Array(c?.getContext("2d").getImageData(0, 0, c.width, c.height).data.buffer ?? 0);
  let sum = 0;
  pixels.forEach((p, i) => (sum = p ? (sum + i) % 2 ** 40 : sum));
  return sum;
}

const press = (type) => dispatchEvent(new KeyboardEvent(type, { key: "w" }));
const quoted = (html) => html.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

for (const [name, start] of Object.entries(engines)) {
  test(`${name}: the ten lines fly a ship from a file, data:, srcdoc and a sandboxed frame`, async (t) => {
    const server = await serve(t);
    const page = await start(t);
    const code = await tenLines(server);
    const dir = await mkdtemp(join(tmpdir(), "arbiter-e2e-lines-"));
    cleanup(t, () => rm(dir, { recursive: true, force: true }));
    const file = async (as, html) => {
      await writeFile(join(dir, as), `<!doctype html><meta charset="utf-8">${html}`);
      return pathToFileURL(join(dir, as)).href;
    };
    const places = {
      file: { url: await file("lines.html", code) },
      data: { url: await file("data.html", `<iframe src="data:text/html,${encodeURIComponent(code)}"></iframe>`), isFrame: true },
      srcdoc: { url: await file("srcdoc.html", `<iframe srcdoc="${quoted(code)}"></iframe>`), isFrame: true },
      sandbox: { url: await file("sandbox.html", `<iframe sandbox="allow-scripts" srcdoc="${quoted(code)}"></iframe>`), isFrame: true },
    };
    for (const [place, { url, isFrame }] of Object.entries(places)) {
      await page.open(url);
      const frame = isFrame ? page.inFrame() : page;
      const seen = () => frame.run(picture).catch(() => 0); // it may not be loaded yet
      const first = await until(seen, { what: `a ship to be drawn from ${place}` });
      await frame.run(press, "keydown");
      await until(async () => (await seen()) !== first, { what: `the ship to move from ${place}` });
      const [match] = (await matches(server)).filter((m) => m.game === "arena");
      assert.ok(match.players >= 1, place);
    }
  });

  test(`${name}: every tab opens, and two play in the arena`, async (t) => {
    const server = await serve(t);
    const page = await start(t);
    await page.open(server.url);
    await page.run(() => {
      window.thrown = [];
      addEventListener("error", (e) => window.thrown.push(String(e.message)));
      addEventListener("unhandledrejection", (e) => window.thrown.push(String(e.reason)));
    });
    for (const [tab, done] of Object.entries(ready)) {
      await page.run((tab) => { location.hash = tab; }, tab);
      await until(() => page.run(done).catch(() => false), { what: `${name} to open ${tab}` });
      if (tab !== "arena") continue;
      const stats = () => page.run(() => playground.tab.clients.map(({ player: { room } }) => room.stats));
      await until(async () => (await stats()).every((s) => s.snapshots > 60 && s.inputsApplied > 5 && s.hashChecks > 2), { what: async () => `both to play: ${JSON.stringify(await stats())}` });
      for (const { inputsLost, inputsRepeated, hashMismatches, errors } of await stats()) {
        assert.deepEqual([inputsLost, inputsRepeated, hashMismatches, errors], [0, 0, 0, 0]);
      }
      const colours = await page.run(() => [...document.querySelectorAll(".game-view canvas")].map((c) => new Set(new Uint32Array(c.getContext("2d").getImageData(0, 0, c.width, c.height).data.buffer)).size));
      assert.ok(colours.length === 2 && colours.every((n) => n > 20), `something is drawn: ${colours}`);
      assert.doesNotMatch(await page.run(() => document.body.innerText), /Prediction is off/);
      await page.screenshot(`${artifacts}${name}-arena.png`);
    }
    assert.deepEqual(await page.run(() => window.thrown), []);
  });
}
