import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "../src/core/clock.ts";
import { Lead } from "../src/core/lead.ts";
import { Playback } from "../src/core/playback.ts";
import { golden } from "./golden.ts";

// What Go's clocks make of recorded arrivals (netcode/client/core/golden_test.go). Times are in µs.

interface Call {
  readonly op: string;
  readonly args: readonly number[];
  readonly got: readonly number[];
}

for (const c of golden("clocks")) {
  test(`the three clocks are Go's: ${c.name}`, () => {
    const clock = new Clock();
    const lead = new Lead();
    const playback = new Playback();
    const ops: Record<string, (...ms: [number, number, number]) => number[]> = {
      trip: (sent, now, match) => [Number(clock.trip(sent, now, match)) / 1000],
      arrived: (now, match) => [Number(clock.arrived(now, match)) / 1000],
      clock: (now) => [clock.server(now), clock.arriving(now), clock.oneWay, clock.roundTrip, Number(clock.overdue) / 1000],
      start: (trip, tick) => (lead.start(trip, tick), [lead.goal]),
      oneWay: (way) => (lead.oneWay(way), [lead.goal]),
      slack: (now, slack, trip) => (lead.slack(now, slack, trip), [lead.goal]),
      resume: (now, trip) => (lead.resume(now, trip), [lead.goal]),
      predicted: (now, server) => [lead.now(now, server)],
      snapshot: (now, late, interval) => (playback.arrived(now, late, interval), [playback.delay(interval), playback.jitter]),
      drawn: (now, arriving, interval) => [playback.now(now, arriving, interval)],
    };
    for (const [n, { op, args, got }] of (c.fields as Call[]).entries()) {
      const is = ops[op]!(...(args.map((us) => us / 1000) as [number, number, number])).map((ms) => ms * 1000);
      is.forEach((us, k) => assert.ok(Math.abs(us - got[k]!) < 50, `call ${n}, ${op}(${args}): ${is}, Go has ${got}`));
    }
  });
}
