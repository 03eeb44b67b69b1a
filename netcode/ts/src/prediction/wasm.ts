import type { Due } from "../core/inputs.ts";
import type { Predictor, PredictorFor } from "../core/prediction.ts";
import { Pack, readBlock } from "./wasmbytes.ts";
import { wasi } from "./wasi.ts";
import { noRows, type Block, type Cells, type Frame } from "../view/frame.ts";
import { hex, type Schema } from "../wire/schema.ts";

const abi = 1;

/** The exports of a module that "arbiter wasm" builds; cmd/arbiter/app/wasm documents them. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  abi(): number;
  input(n: number): number;
  fault(): number;
  game(n: number, tickRate: number, rate: number): number;
  schema(game: number): bigint;
  predict(game: number, player: number): number;
  load(match: number, tick: number, n: number): number;
  step(match: number, n: number): number;
  release(match: number): void;
}

/** Loads a module, once, and returns what makes predictors of a game. */
export async function load(url: string | URL, game: string): Promise<PredictorFor> {
  const module = await instance(String(url));
  return (schema, player) => new WasmPredictor(module, game, schema, player);
}

const instances = new Map<string, Promise<Module>>();

function instance(url: string): Promise<Module> {
  let made = instances.get(url);
  if (!made) {
    made = instantiate(url);
    instances.set(url, made);
    made.catch(() => instances.delete(url));
  }
  return made;
}

async function instantiate(url: string): Promise<Module> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`arbiter-client: ${url} answered ${answer.status}: build the rules with "arbiter wasm"`);
  return Module.of(await answer.arrayBuffer());
}

/** One instance of the rules. */
export class Module {
  private constructor(readonly calls: Exports) {}

  /** Compiles and starts a module. */
  static async of(code: BufferSource): Promise<Module> {
    let memory: WebAssembly.Memory | undefined;
    const { instance } = await WebAssembly.instantiate(code, { wasi_snapshot_preview1: wasi(() => memory!) });
    const calls = instance.exports as unknown as Exports;
    memory = calls.memory;
    calls._initialize();
    if (calls.abi() !== abi) throw new Error(`arbiter-client: the rules have ABI ${calls.abi()} and the client has ${abi}: build them with "arbiter wasm"`);
    return new Module(calls);
  }

  /** Copies the bytes of a call's argument into the module and returns their number. */
  write(b: Uint8Array): number {
    const at = this.calls.input(b.length);
    new Uint8Array(this.calls.memory.buffer, at, b.length).set(b);
    return b.length;
  }

  /** The message at an address; 0 is a failed call, whose error is thrown. */
  message(at: number): DataView<ArrayBuffer> {
    const { buffer } = this.calls.memory;
    return new DataView(buffer, this.ok(at), 8 + new DataView(buffer).getUint32(at, true));
  }

  /** A call's result; throws if the call failed. */
  ok(n: number): number {
    if (n !== 0) return n >>> 0;
    const text = this.message(this.calls.fault());
    throw new Error(`arbiter-client: ${new TextDecoder().decode(new Uint8Array(text.buffer, text.byteOffset + 8, text.byteLength - 8))}`);
  }
}

/** Client-side prediction with the server's own rules, for one player. */
export class WasmPredictor implements Predictor {
  readonly tables: readonly number[];
  readonly #match: number;
  #rows: readonly Block[];

  readonly #module: Module;
  readonly #schema: Schema;
  readonly #player: number;

  constructor(
    module: Module,
    game: string,
    schema: Schema,
    player: number,
  ) {
    this.#module = module;
    this.#schema = schema;
    this.#player = player;
    this.tables = [...schema.tables.keys()].filter((i) => schema.tables[i]!.owner >= 0);
    this.#rows = schema.tables.map(() => noRows);
    const { calls } = module;
    const n = module.write(new TextEncoder().encode(game));
    const id = module.ok(calls.game(n, schema.tickRate, schema.snapshotRate));
    const hash = BigInt.asUintN(64, calls.schema(id)).toString(16).padStart(16, "0");
    if (schema.hash && hash !== hex(schema.hash)) {
      throw new Error(`arbiter-client: the rules of ${game} differ from the server's: build them with "arbiter wasm"`);
    }
    this.#match = module.ok(calls.predict(id, player));
  }

  load(frame: Frame, held: Cells): void {
    const p = new Pack();
    p.cells(this.#schema.input.fields, held, []);
    this.#schema.tables.forEach((t, i) => p.block(t, frame.tables[i]!));
    this.#readRows(this.#module.calls.load(this.#match, frame.tick, this.#module.write(p.bytes())));
  }

  step(_tick: number, due: Due): void {
    let n = 0;
    if (due.input || due.commands.length > 0) {
      const p = new Pack().u32(0, 0, due.input ? 1 : 0, due.commands.length);
      if (due.input) {
        p.u32(this.#player, due.input.seq, due.input.view, 0).cells(this.#schema.input.fields, due.input.cells, []);
      }
      for (const c of due.commands) p.command(this.#player, c.kind, this.#schema.commands[c.kind]!, c.cells);
      n = this.#module.write(p.bytes());
    }
    this.#readRows(this.#module.calls.step(this.#match, n));
  }

  own(table: number): Block {
    return this.#rows[table]!;
  }

  close(): void {
    this.#module.calls.release(this.#match);
  }

  #readRows(at: number): void {
    const m = this.#module.message(at);
    let from = 8;
    this.#rows = this.#schema.tables.map((t) => {
      const [block, next] = readBlock(m, from, t);
      from = next;
      return block;
    });
  }
}
