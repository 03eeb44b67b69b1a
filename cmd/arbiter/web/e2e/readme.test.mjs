import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { artifacts, browse, paste } from "./fixtures/browser.mjs";
import { serve } from "./fixtures/server.mjs";
import { until } from "./fixtures/until.mjs";

const readme = new URL("../../../../README.md", import.meta.url);

test("the ten lines of the README, pasted into an empty page, fly a ship", async (t) => {
  const text = await readFile(readme, "utf8");
  const [, code] = /<!-- begin ten lines -->\s*```html\n([\s\S]*?)```/.exec(text) ?? [];
  assert.ok(code, "README.md has the ten lines between its markers");
  const server = await serve(t);
  const page = await paste(await browse(t), server, code.replaceAll("http://127.0.0.1:8080", server.url));
  const picture = () => page.evaluate(() => {
    const c = document.querySelector("canvas");
    const copy = new OffscreenCanvas(c.width, c.height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(c, 0, 0);
    const pixels = new Uint32Array(copy.getImageData(0, 0, c.width, c.height).data.buffer);
    let sum = 0;
    pixels.forEach((p, i) => (sum = p ? (sum + i) % 2 ** 40 : sum));
    return sum;
  });
  const first = await until(picture, { what: "a ship to be drawn" });
  await page.keyboard.down("w");
  await until(async () => (await picture()) !== first, { what: "the ship to move" });
  await page.keyboard.up("w");
  const [match] = (await (await fetch(`${server.url}/v1/matches?game=arena`)).json()).matches;
  assert.equal(match.players, 1);
  await page.screenshot({ path: `${artifacts}ten-lines.png` });
  assert.deepEqual(page.complaints, []);
});
