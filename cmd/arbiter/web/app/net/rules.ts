// The server's own rules, compiled to WASM, for prediction.

import { wasmPredictor, type PredictorFor } from "arbiter-client";

let found: Promise<string> | null = null;

/** The address of the rules: their name carries a hash, the list of files does not. */
async function address(): Promise<string> {
  const response = await fetch("/client/files.json");
  const files = response.ok ? ((await response.json()) as Record<string, string>) : {};
  const path = files["rules.wasm"];
  if (!path) throw new Error("The rules are not built for the browser here: run make wasm, then start the server again.");
  return path;
}

/** What predicts by the rules of a game. Any number of clients can share it. */
export async function rulesFor(game: string): Promise<PredictorFor> {
  return wasmPredictor(await (found ??= address()), game);
}
