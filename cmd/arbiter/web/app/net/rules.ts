// The server's own rules, compiled to WASM, for prediction.

import { base } from "./api.ts";
import { wasmPredictor, type PredictorFor } from "arbiter-client";

let found: Promise<string> | null = null;

/** The path of the rules, whose name has a hash; the list of files has a fixed path. */
async function address(): Promise<string> {
  if (typeof WebAssembly === "undefined") throw new Error("This browser runs no WebAssembly here: allow it for this site, and open the page again. Without it you play as well, but see your own moves a round trip late.");
  const response = await fetch(new URL("client/files.json", base));
  const files = response.ok ? ((await response.json()) as Record<string, string>) : {};
  const path = files["rules.wasm"];
  if (!path) throw new Error("The rules are not built for browsers: build them with \"arbiter wasm -o DIR PACKAGE\" (make wasm for the demo games), and start the server with --wasm DIR.");
  return path;
}

/** Returns what makes predictors with the rules of a game. Any number of clients can share it. */
export async function rulesFor(game: string): Promise<PredictorFor> {
  return wasmPredictor(await (found ??= address()), game);
}
