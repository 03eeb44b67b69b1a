// node soak.mjs [seconds, 600] [probability of a drop and of a stall in a second, 0.02]
// leaves the playground open for that long, and fails if anything was lost,
// repeated or different, or if its memory after the first minute is not flat.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, open } from "./fixtures/browser.mjs";
import { serve } from "./fixtures/server.mjs";
import { describe, faults, soak } from "./fixtures/soak.mjs";

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

const seconds = Number(process.argv[2] ?? 600);
const share = Number(process.argv[3] ?? 0.02);

test(`${seconds} s, each with ${share * 100} % drops and stalls`, async (t) => {
  const server = await serve(t);
  const page = await open(await browse(t), "about:blank");
  const line = (s) => `${String(s.at).padStart(5)} s  heap ${s.heap.toFixed(2)} MB  modules ${s.modules.join(" ")} MB  ${s.nodes} elements`;
  const { samples, clients } = await soak(page, server.url, { seconds, share, every: 10, onSample: (s) => console.log(line(s)) });
  console.log(describe(clients));
  assert.deepEqual(clients.flatMap(faults), []);
  // What flies about differs from moment to moment: a minute's median tells more.
  const minutes = [];
  for (let end = 120; end <= seconds; end += 60) minutes.push(median(samples.filter((s) => s.at > end - 60 && s.at <= end).map((s) => s.heap)));
  const level = median(minutes);
  console.log(`heap in the minutes after the first: ${minutes.map((m) => `${m.toFixed(2)} MB (${(100 * (m / level - 1)).toFixed(1)} %)`).join(", ")}`);
  for (const m of minutes) assert.ok(Math.abs(m / level - 1) <= 0.1, `the heap was ${m} MB in one minute; in most it was ${level} MB`);
  const last = samples.at(-1);
  const settled = samples.find((s) => s.at >= 60) ?? last;
  assert.deepEqual([last.modules, last.nodes], [settled.modules, settled.nodes], "modules' memory and elements");
  assert.deepEqual(page.complaints, []);
});
