import assert from "node:assert/strict";
import { test } from "node:test";
import { EndedError, joinParty, makeParty, matchmake, Problem, type FoundSeat, type MatchmakeOptions, type SearchStatus } from "../src/matchmake/index.ts";
import { busy, cut, Service } from "./matchmakeservice.ts";

interface Hunt {
  seat: Promise<FoundSeat>;
  seen: SearchStatus[];
  stop: AbortController;
}

function start(s: Service, options: Partial<MatchmakeOptions> = {}): Hunt {
  const seen: SearchStatus[] = [], stop = new AbortController();
  const seat = matchmake({
    url: "ws://test", queue: "ladder", token: "secret", signal: stop.signal, onStatus: (st) => seen.push(st),
    environment: { ...s.world.environment(), fetch: s.fetch }, ...options,
  });
  seat.catch(() => {}); // each test looks
  return { seat, seen, stop };
}

async function wantSeat(s: Service, h: Hunt, phases?: string): Promise<void> {
  await s.run(100);
  const seat = await h.seat;
  assert.deepEqual([seat.url, seat.token, seat.game, seat.ticket.state], ["ws://test/play?game=arena&match=m1", "seat", "arena", "matched"]);
  if (phases) assert.equal(h.seen.map((st) => st.phase).join(" "), phases);
}

test("a search queues once, polls seldom, and resolves with the seat", async () => {
  const s = new Service(), h = start(s);
  await s.run(60_000);
  assert.ok(s.polls >= 2 && s.polls <= 4, `${s.polls} polls in a minute`);
  s.match(s.open);
  await wantSeat(s, h, "queueing waiting found");
  assert.deepEqual(s.log, ["POST /v1/tickets"]);
});

test("it gets over a busy server and drops, with one ticket", async () => {
  const s = new Service();
  s.faults = [busy(7)];
  const h = start(s);
  await s.run(6500);
  assert.equal(s.tickets.size, 0, "Retry-After is kept");
  await s.run(2500);
  s.faults = [cut, cut, cut];
  await s.run(45_000);
  s.match(s.open);
  await wantSeat(s, h, "queueing interrupted waiting interrupted interrupted interrupted waiting found");
  assert.equal(s.tickets.size, 1);
});

test("a server that can't be reached at first is an error", async () => {
  const s = new Service();
  s.faults = [cut];
  await assert.rejects(start(s).seat, /does not answer: network/);
});

for (const token of ["secret", undefined]) {
  test(`a server that was restarted is asked again, by ${token ? "the player" : "a new guest"}`, async () => {
    const s = new Service(), h = start(s, token ? {} : { token: undefined as never, name: "Ann" });
    await s.run(3000);
    s.restart("b");
    await s.run(30_000);
    assert.equal(s.open.id, "b-1");
    s.match(s.open);
    await wantSeat(s, h, "queueing waiting queueing waiting found");
    assert.equal(s.guests, token ? 0 : 2);
  });
}

test("tickets that end because the server is stopped are asked for again", async () => {
  const s = new Service(), h = start(s);
  await s.run(1000);
  s.set(s.open, "cancelled", "closed");
  await s.run(30_000);
  s.match(s.open);
  await wantSeat(s, h);
});

test("aborting takes the ticket out of the queue", async () => {
  const s = new Service(), h = start(s);
  await s.run(1000);
  h.stop.abort(new Error("enough"));
  await assert.rejects(h.seat, /enough/);
  assert.equal(s.tickets.get("a-1")!.state, "cancelled");
});

test("another ticket of the player is an error, or replaced", async () => {
  const s = new Service(), one = start(s);
  await s.run(1000);
  await assert.rejects(start(s).seat, (e) => e instanceof Problem && e.code === "player_already_queued" && e.ticket === "a-1");
  const two = start(s, { replace: true });
  await s.run(1000);
  await assert.rejects(one.seat, EndedError);
  s.match(s.open);
  await wantSeat(s, two);
});

test("refusals say why", async () => {
  const s = new Service();
  await assert.rejects(start(s, { queue: "" }).seat, (e) => e instanceof Problem && e.code === "queue_unknown" && e.status === 404);
  await assert.rejects(start(s, { token: "wrong" }).seat, (e) => e instanceof Problem && e.status === 401);
  const h = start(s);
  await s.run(1000);
  s.set(s.open, "expired", "too_old");
  await assert.rejects(h.seat, (e) => e instanceof EndedError && /queue's time limit/.test(e.message));
});

test("a proposal is accepted by itself, or as the player decides", async () => {
  for (const [accept, want] of [[undefined, "found"], [true, "found"], [false, "declined"]] as const) {
    const s = new Service();
    let decide = (_: boolean) => {};
    const h = start(s, accept === undefined ? {} : { accept: () => new Promise<boolean>((resolve) => (decide = resolve)) });
    await s.run(1000);
    s.propose(s.open, 1);
    await s.run(3000);
    if (accept !== undefined) {
      assert.equal(h.seen.at(-1)!.phase, "asked");
      decide(accept);
    }
    if (want === "found") await wantSeat(s, h, "queueing waiting asked found");
    else await assert.rejects(h.seat, (e) => e instanceof EndedError && e.ticket.cause === "declined");
    assert.ok(!s.log.some((l) => l.startsWith("DELETE")));
  }
});

test("when others decline, the asking ends, and the next proposal is asked about anew", async () => {
  const s = new Service();
  let asked = 0, ended = 0;
  const h = start(s, {
    accept: (_, signal) => {
      signal.addEventListener("abort", () => ended++);
      return ++asked < 3 ? new Promise<boolean>(() => {}) : true;
    },
  });
  for (let n = 0; n < 3; n++) {
    await s.run(1000);
    s.propose(s.open, n);
    await s.run(1000);
    if (n === 0) s.set(s.open, "queued", "returned"); // the third follows the second at once
  }
  await wantSeat(s, h);
  assert.deepEqual([asked, ended], [3, 3], "asked, and ended: the last by its being over");
  assert.deepEqual(s.log, ["POST /v1/tickets", "POST /v1/tickets/a-1/accept"]);
});

test("explanations come as often as asked for", async () => {
  const s = new Service(), h = start(s, { explainEvery: 2000 });
  await s.run(20_500);
  const n = s.log.filter((l) => l.endsWith("/explain")).length;
  assert.ok(n >= 9 && n <= 12, `${n} explanations in 20 s`);
  assert.equal(h.seen.at(-1)!.explanation!.needed, 2);
  s.match(s.open);
  await wantSeat(s, h);
});

test("a party queues together, and each of it gets a seat", async () => {
  const s = new Service();
  const who = { url: "http://test", token: "secret", environment: { ...s.world.environment(), fetch: s.fetch } };
  const ann = await makeParty(who, "fives"), bob = await joinParty(who, ann.state.code);
  await assert.rejects(joinParty(who, "nope"), (e) => e instanceof Problem && e.code === "party_code_unknown");
  await ann.ready(true, { skill: 3 });
  assert.equal(ann.state.members.length, 2);
  const seen: string[] = [];
  const seats = Promise.all([ann.find({ onStatus: (st) => seen.push(st.phase) }), bob.find()]);
  await s.run(3000);
  await ann.start();
  await ann.start(); // as after an answer that was lost
  await s.run(3000);
  s.match(s.open);
  await s.run(100);
  assert.deepEqual((await seats).map((seat) => seat.token), ["seat", "seat"]);
  assert.deepEqual(seen, ["waiting", "found"]);
  await bob.leave();
});
