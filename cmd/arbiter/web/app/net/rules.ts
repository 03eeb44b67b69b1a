// The server's own rules, compiled to WASM, for prediction.

import { wasmPredictor, type Predictor } from "arbiter-client";

let found: Promise<string> | null = null;

/** The address of the rules: their name carries a hash, the list of files does not. */
async function address(): Promise<string> {
  const response = await fetch("/client/files.json");
  const files = response.ok ? ((await response.json()) as Record<string, string>) : {};
  const path = files["rules.wasm"];
  if (!path) throw new Error("The rules are not built for the browser here: run make wasm, then start the server again.");
  return path;
}

/** A predictor that runs a game's rules. Each client needs one of its own. */
export async function rulesFor(game: string): Promise<Predictor> {
  return wasmPredictor(await (found ??= address()), game);
}
