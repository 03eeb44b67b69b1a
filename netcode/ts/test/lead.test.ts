import assert from "node:assert/strict";
import { test } from "node:test";
import { Lead } from "../src/core/lead.ts";
import { busy } from "./busy.ts";
import { chance } from "./recording.ts";

const trip = 150; // ms
const tick = 1000 / 30;
const shortest = 75;

/** How many ms the nth input takes, sent at now. */
type Way = (n: number, now: number) => number;

// As in netcode/client/core/leadpaths_test.go.
const ways: Record<string, { make: (random: () => number) => Way; late: number; mean: number; last?: number }> = {
  even: { make: () => () => 75, late: 0, mean: 38 },
  "jitter of 20 ms": { make: (random) => () => 75 + 20 * random(), late: 0, mean: 42 },
  exponential: { make: (random) => () => 75 - 5 * Math.log(1 - random()), late: 0.6, mean: 45 },
  hiccups: { make: (random) => () => (random() < 0.01 ? 90 : 75), late: 0.2, mean: 38 },
  recorded: {
    make: (random) => {
      const from = Math.floor(random() * busy.length);
      return (n) => busy[(from + n) % busy.length]!;
    },
    late: 0.7,
    mean: 45,
  },
  "recorded, shuffled": { make: (random) => () => busy[Math.floor(random() * busy.length)]!, late: 0.9, mean: 50 },
  stalls: {
    make: (random) => {
      let at = 3000;
      return (_, now) => {
        while (now > at + 400) at += 1000 + 8000 * random();
        return now < at ? 75 : 75 + at + 400 - now;
      };
    },
    late: 9, // what is under way in one is late whatever the lead
    mean: 45,
  },
  "a longer path after 10 s": { make: () => (_, now) => (now > 10_000 ? 200 : 75), late: 8, mean: 100 },
  "a shorter path after 5 s": { make: () => (_, now) => (now > 5000 ? 75 : 200), late: 9, mean: 140, last: 60 },
};

/** Runs a lead for 20 s against a way. mean and last: how much longer than the shortest way it was. */
function over(make: (random: () => number) => Way, seed: number): { inputs: number; late: number; mean: number; last: number } {
  const random = chance(seed);
  const takes = make(random);
  const lead = new Lead();
  lead.start(trip, tick);
  const reports = new Map<number, number>(); // slack by the time it arrives
  let [inputs, late, sum, last, next] = [0, 0, 0, 0, 300];
  for (let now = 0; now < 20_000; now++) {
    last = lead.now(now, now) - now - shortest;
    sum += last;
    if (now >= next) {
      next = now + 80 + 220 * random();
      const up = takes(inputs++, now);
      const slack = Math.trunc(last + shortest - up);
      if (slack < 0) late++;
      const at = Math.ceil(Math.ceil((now + up) / tick) * tick + trip / 2); // with the next snapshot
      reports.set(at, Math.min(slack, reports.get(at) ?? Infinity));
    }
    if (reports.has(now)) lead.slack(now, reports.get(now)!, trip);
  }
  return { inputs, late, mean: sum / 20_000, last };
}

for (const [name, way] of Object.entries(ways)) {
  test(`the lead, ${name}: few inputs are late, and it is little more than the path asks for`, (t) => {
    const runs = Array.from({ length: 20 }, (_, seed) => over(way.make, seed));
    const late = runs.reduce((sum, r) => sum + r.late, 0) / runs.length;
    const mean = runs.reduce((sum, r) => sum + r.mean, 0) / runs.length;
    t.diagnostic(`${late.toFixed(2)} of ${runs[0]!.inputs} late, lead ${Math.round(mean)} ms above the way`);
    assert.ok(late <= way.late, `${late} inputs late on average`);
    assert.ok(mean >= 0 && mean <= way.mean, `lead ${mean} ms above the way`);
    for (const { last } of runs) assert.ok(last <= (way.last ?? Infinity), `in the end ${last} ms above the way`);
  });
}

test("the lead: one report moves it by no more than a bound, and of one that is far off it takes two", () => {
  const lead = new Lead();
  lead.slack(0, -500, 100); // before the start it says nothing
  assert.equal(lead.goal, 0);
  lead.start(100, tick);
  const start = lead.goal;
  lead.slack(1000, -60, 100);
  assert.equal(lead.goal, start + 40);
  lead.slack(3000, -400, 100);
  assert.equal(lead.goal, start + 40);
  lead.slack(3100, -400, 100);
  assert.equal(lead.goal, start + 40 + 400 + 10);
  for (let now = 4000; now < 30_000; now += 500) lead.slack(now, -500, 100);
  assert.equal(lead.goal, 2000);
  lead.resume(40_000, 100);
  lead.slack(40_050, 500, 100); // about what was sent again
  assert.equal(lead.goal, 2000);
});
