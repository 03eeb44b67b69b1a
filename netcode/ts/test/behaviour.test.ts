import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { connect } from "../src/index.ts";
import { flyShip } from "./arena.ts";
import { chance } from "./recording.ts";
import { Server } from "./server.ts";
import { Network, World } from "./world.ts";

// The scenarios of ../../testdata/behaviour.json, which the tests of the Go client play too
// (netcode/client/core/behaviour_test.go says what the fields mean).

interface Step {
  readonly play?: number;
  readonly pause?: number;
  readonly hold?: number;
  readonly stall?: number;
  readonly away?: number;
  readonly command?: string;
  readonly every?: number;
  readonly want?: {
    readonly entries?: readonly [number, number];
    readonly entryGap?: number;
    readonly tickGap?: number;
    readonly late?: number;
    readonly messages?: number;
    readonly resumes?: number;
  };
}

interface Behaviour {
  readonly name: string;
  readonly rates?: string;
  readonly delay: number;
  readonly jitter?: number;
  readonly steps: readonly Step[];
}

function file<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../testdata/${name}.json`, import.meta.url), "utf8")) as T;
}

const schemas = file<Record<string, string>>("behaviour_schemas");

for (const s of file<Behaviour[]>("behaviour")) test(`behaviour: ${s.name}`, (t) => play(s, (line) => t.diagnostic(line)));

async function play(s: Behaviour, log: (line: string) => void): Promise<void> {
  const world = new World(chance(3));
  const server = new Server(world, schemas[s.rates ?? ""]!);
  const network = new Network(world, { delay: s.delay, jitter: s.jitter ?? 0 }, server);
  const joined = connect({
    game: "arena",
    token: "t",
    transport: network.transport,
    environment: { ...world.environment(), random: () => 0 }, // connects again at once
  });
  await world.run(500);
  const room = await joined;
  await room.predict({ Ships: flyShip });
  let n = 0;
  for (const [i, step] of s.steps.entries()) {
    if (step.command !== undefined) {
      assert.ok(room.command("Renames", { Name: step.command }));
      continue;
    }
    const ms = (step.play ?? 0) + (step.pause ?? 0) + (step.hold ?? 0) + (step.stall ?? 0) + (step.away ?? 0);
    server.paused = step.pause !== undefined;
    if (step.pause || step.hold || step.stall) network.up.close(); // who stands still reads nothing
    else network.up.open();
    if (step.stall) network.down.close();
    else network.down.open();
    network.refuse = step.away !== undefined;
    if (step.away) network.cut();
    else if (room.status.phase !== "playing") world.page("online");
    const begin = world.now;
    const first = { entries: room.stats.inputsSent, late: server.late, sent: network.sent };
    let [entries, entryAt, entryGap] = [first.entries, begin, 0];
    let [tick, tickAt, tickGap] = [room.tick, begin, 0];
    for (; world.now < begin + ms; ) {
      await world.run(1);
      if (room.tick !== tick) {
        tickGap = Math.max(tickGap, world.now - tickAt);
        tick = room.tick;
        tickAt = world.now;
        if (step.every && tick % step.every === 0) room.input({ Turn: (++n % 3) - 1 });
      }
      if (room.stats.inputsSent !== entries) {
        entryGap = Math.max(entryGap, world.now - entryAt);
        entries = room.stats.inputsSent;
        entryAt = world.now;
      }
    }
    entryGap = Math.max(entryGap, world.now - entryAt);
    tickGap = Math.max(tickGap, world.now - tickAt);
    const w = step.want;
    if (!w) continue;
    const made = entries - first.entries;
    const late = server.late - first.late;
    const perSecond = Math.floor(((network.sent - first.sent) * 1000) / ms);
    log(`step ${i}: ${made} entries, ${late} late, gap ${entryGap} ms, ticks ${tickGap} ms, ${perSecond} messages a second, lead ${room.stats.lead.toFixed(1)} ms`);
    const [least, most] = w.entries ?? [0, w.entryGap ? Infinity : 0];
    assert.ok(made >= least && made <= most, `step ${i}: ${made} entries`);
    assert.ok(!w.entryGap || entryGap <= w.entryGap, `step ${i}: no entry for ${entryGap} ms, want ${w.entryGap} at most`);
    assert.ok(!w.tickGap || tickGap <= w.tickGap, `step ${i}: no tick for ${tickGap} ms, want ${w.tickGap} at most`);
    assert.ok(late <= (w.late ?? Infinity), `step ${i}: ${late} of ${made} entries late`);
    assert.ok(perSecond <= (w.messages ?? Infinity), `step ${i}: ${perSecond} messages a second`);
    assert.equal(room.stats.resumes, w.resumes ?? room.stats.resumes);
  }
  await world.run(2000);
  const { inputsLost, inputsRepeated, hashMismatches, errors, inputsSent, inputsApplied, hashChecks, withheld } = room.stats;
  assert.deepEqual([inputsLost, inputsRepeated, hashMismatches, errors, server.faults], [0, 0, 0, 0, []]);
  assert.equal(inputsApplied, inputsSent);
  assert.ok(hashChecks >= 2, `${hashChecks} checks`);
  assert.ok(withheld <= 700, `an input waited ${withheld} ms for its entry`);
}
