import type { PredictorFor } from "../core/prediction.ts";

/**
 * Returns what makes predictors that run the server's own rules of a game, compiled to WASM.
 * Rejects if the module cannot be loaded. It is loaded once; any number of seats may share it.
 */
export async function wasmPredictor(url: string | URL, game: string): Promise<PredictorFor> {
  return (await import("./predict.ts")).load(url, game);
}
