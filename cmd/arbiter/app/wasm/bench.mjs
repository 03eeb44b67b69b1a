// How long the compiled rules take in V8, in a match of arena with 16 ships:
//
//	make wasm && node cmd/arbiter/app/wasm/bench.mjs bin/rules.wasm
//
// It is also the shortest host there is; doc.go says what it has to do.
import { readFileSync } from "node:fs";

const code = await timed("compile", () => WebAssembly.compile(readFileSync(process.argv[2] ?? "bin/rules.wasm")));
let memory;
const view = () => new DataView(memory.buffer);
const done = () => 0, bad = () => 8;
const none = (a, b) => (view().setUint32(a, 0, true), view().setUint32(b, 0, true), 0);
const instance = await timed("start", async () => {
  const { exports } = await WebAssembly.instantiate(code, { wasi_snapshot_preview1: {
    clock_time_get: (_id, _precision, at) => (view().setBigUint64(at, BigInt(Math.round(performance.now() * 1e6)), true), 0),
    random_get: (at, n) => (crypto.getRandomValues(new Uint8Array(memory.buffer, at, n)), 0),
    fd_write: (_fd, iovs, n, at) => {
      let taken = 0;
      for (; n > 0; n--, iovs += 8) {
        const bytes = new Uint8Array(memory.buffer, view().getUint32(iovs, true), view().getUint32(iovs + 4, true));
        process.stderr.write(bytes);
        taken += bytes.length;
      }
      view().setUint32(at, taken, true);
      return 0;
    },
    args_sizes_get: none, environ_sizes_get: none, args_get: done, environ_get: done, poll_oneoff: done, sched_yield: done,
    fd_prestat_get: bad, fd_prestat_dir_name: bad, fd_close: bad, fd_fdstat_get: bad, fd_fdstat_set_flags: bad,
    proc_exit: (status) => { throw new Error(`the rules ended with ${status}`); },
  } });
  memory = exports.memory;
  exports._initialize();
  return exports;
});

const { game, predict, begin, load, step } = instance;
const write = (bytes) => {
  const at = instance.input(bytes.length); // first: memory may grow meanwhile
  new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
  return bytes.length;
};
const words = (...n) => new Uint8Array(Uint32Array.from(n).buffer);
const content = (at) => new Uint8Array(memory.buffer, at + 8, view().getUint32(at, true)).slice();
const join = (...parts) => Uint8Array.from(parts.flatMap((p) => [...p]));

const ships = 16, ahead = 8, pressed = new Uint8Array(BigInt64Array.of(1n, 1n, 0n).buffer);
const arena = game(write(new TextEncoder().encode("arena")), 0, 0);
const server = begin(arena, 1, 2);
const players = Array.from({ length: ships }, (_, i) => words(i + 1, 0, 0, 0));
step(server, write(join(words(0, ships, 0, 0), ...players)));
const state = content(step(server, write(join(words(0, 0, ships, 0), ...players.map((p) => join(p, pressed))))));
const match = predict(arena, 1), sent = join(pressed, state), news = join(words(0, 0, 1, 0), words(1, 0, 0, 0), pressed);

for (let round = 0; round < 2; round++) { // the first warms up
  figures("load", () => load(match, 2, write(sent)));
  figures("step, nothing new", () => step(match, 0));
  figures("step, an input", () => step(match, write(news)));
  figures(`load and ${ahead} steps`, () => { load(match, 2, write(sent)); for (let n = ahead; n > 0; n--) step(match, 0); });
  if (round === 0) console.log("warm:");
}
console.log(`memory ${memory.buffer.byteLength / 2 ** 20} MiB`);

function figures(name, call) {
  const times = Array.from({ length: 300 }, () => {
    const t = performance.now();
    for (let n = 0; n < 20; n++) if (call() === 0) throw new Error(new TextDecoder().decode(content(instance.fault())));
    return (performance.now() - t) * 50;
  }).sort((a, b) => a - b);
  console.log(`${name.padEnd(20)} ${times[150].toFixed(1).padStart(7)} µs, 99 % within ${times[297].toFixed(1)}`);
}

async function timed(name, call) {
  const t = performance.now(), value = await call();
  console.log(`${name.padEnd(20)} ${((performance.now() - t) * 1000).toFixed(1).padStart(7)} µs`);
  return value;
}
