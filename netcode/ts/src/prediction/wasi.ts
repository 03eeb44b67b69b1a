const badFile = 8;

/** The part of WASI preview 1 that Go's runtime calls; cmd/arbiter/app/wasm documents it. */
export function wasi(memory: () => WebAssembly.Memory): Record<string, (...args: number[]) => number> {
  const view = () => new DataView(memory().buffer);
  const none = () => 0;
  const bad = () => badFile;
  const zeros = (a: number, b: number) => {
    view().setUint32(a, 0, true);
    view().setUint32(b, 0, true);
    return 0;
  };
  return {
    args_get: none,
    environ_get: none,
    poll_oneoff: none,
    sched_yield: none,
    args_sizes_get: zeros as () => number,
    environ_sizes_get: zeros as () => number,
    fd_prestat_get: bad,
    fd_prestat_dir_name: bad,
    fd_close: bad,
    fd_fdstat_get: bad,
    fd_fdstat_set_flags: bad,
    clock_time_get: (_id, _precision, at) => {
      view().setBigUint64(at!, BigInt(Math.round(performance.now() * 1e6)), true);
      return 0;
    },
    random_get: (at, n) => {
      crypto.getRandomValues(new Uint8Array(memory().buffer, at, n));
      return 0;
    },
    fd_write: (fd, iovs, n, at) => writeError(memory(), fd!, iovs!, n!, at!),
    proc_exit: (code) => {
      throw new Error(`arbiter-client: the rules ended with code ${code}`);
    },
  };
}

function writeError(memory: WebAssembly.Memory, fd: number, iovs: number, n: number, at: number): number {
  const v = new DataView(memory.buffer);
  let written = 0;
  let text = "";
  for (let k = 0; k < n; k++) {
    const length = v.getUint32(iovs + 8 * k + 4, true);
    text += new TextDecoder().decode(new Uint8Array(memory.buffer, v.getUint32(iovs + 8 * k, true), length));
    written += length;
  }
  if (fd === 2) console.error(text);
  v.setUint32(at, written, true);
  return 0;
}
