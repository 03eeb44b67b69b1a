import type { PredictorFor } from "./room.ts";

/**
 * The rules of a game as the server has them, from a module of
 * cmd/rules-wasm. Loaded once; any number of seats may share it.
 */
export async function wasmPredictor(url: string | URL, game: string): Promise<PredictorFor> {
  return (await import("./predict.ts")).load(url, game);
}
