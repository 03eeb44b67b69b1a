// node soak.mjs [seconds, 600] [probability of a drop and of a stall in a second, 0.02]
// leaves the playground open for that long, and fails if anything was lost,
// repeated or different, or if its memory after the first minute is not flat.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, open } from "./fixtures/browser.mjs";
import { serve } from "./fixtures/server.mjs";
import { describe, faults, soak } from "./fixtures/soak.mjs";

const seconds = Number(process.argv[2] ?? 600);
const share = Number(process.argv[3] ?? 0.02);

test(`${seconds} s, each with ${share * 100} % drops and stalls`, async (t) => {
  const server = await serve(t);
  const page = await open(await browse(t), "about:blank");
  const line = (s) => `${String(s.at).padStart(5)} s  heap ${s.heap.toFixed(2)} MB  modules ${s.modules.join(" ")} MB  ${s.nodes} elements`;
  const { samples, clients } = await soak(page, server.url, { seconds, share, every: 10, onSample: (s) => console.log(line(s)) });
  console.log(describe(clients));
  assert.deepEqual(clients.flatMap(faults), []);
  const after = samples.filter((s) => s.at >= 60);
  for (const s of after) {
    const change = s.heap / after[0].heap - 1;
    assert.ok(Math.abs(change) <= 0.1, `the heap was ${after[0].heap} MB after a minute and ${s.heap} MB after ${s.at} s`);
    assert.deepEqual(s.modules, after[0].modules, "WebAssembly's memory grew");
  }
  assert.deepEqual(page.complaints, []);
});
