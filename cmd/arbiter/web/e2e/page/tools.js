// The tools of a test's page: window.e2e.

import { connect, wasmPredictor } from "/client/arbiter-client.js";
import { fly, steer, still, turnTo } from "./pilot.js";
import { range } from "./range.js";
import { Link } from "./link.js";

/** The server's rules for a game. */
async function rules(game) {
  const files = await (await fetch("/client/files.json")).json();
  return wasmPredictor(files["rules.wasm"], game);
}

/** Joins a match through a simulated network of its own. predicts: with the server's rules. */
async function join({ latency = 0, predicts = false, ...options }) {
  const link = new Link();
  link.latency = latency;
  const phases = [];
  const room = await connect({
    ...options,
    ...(predicts && { predict: await rules(options.game) }),
    transport: link.open,
    onStatus: (s) => phases.push(s.phase),
  });
  return { room, link, phases };
}

/** Begins a match and returns its id. */
async function begin(game) {
  const post = async (path, body, headers) => (await fetch(path, { method: "POST", body: JSON.stringify(body), headers })).json();
  const { token } = await post("/v1/guest", { name: "host" });
  return (await post("/v1/matches", { game }, { Authorization: `Bearer ${token}` })).id;
}

/** The row of a table that belongs to a player. */
const rowOf = (rows, player) => [...rows].find((r) => r.Player === player);

/** Waits until ask() is true, asked every few ms, and returns its answer. */
function until(ask, what, within = 60_000, every = 4) {
  const end = performance.now() + within;
  return new Promise((resolve, reject) => {
    const look = () => {
      const answer = ask();
      if (answer) return done(resolve, answer);
      if (performance.now() > end) done(reject, new Error(`waited ${within} ms for ${what}`));
    };
    const done = (f, x) => {
      clearInterval(timer);
      f(x);
    };
    const timer = setInterval(look, every);
    look();
  });
}

/** The figures of a room that tests look at, as plain data. */
const figures = (room) => ({ ...room.stats, phase: room.status.phase, player: room.player, tick: room.tick });

window.e2e = { join, rules, rowOf, until, figures, fly, steer, still, turnTo, range: (o) => range(o, { begin, join, rowOf, until }), kept: {} };
