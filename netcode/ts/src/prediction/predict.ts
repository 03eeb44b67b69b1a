/**
 * What client-side prediction needs beside the client. Loaded when it is first asked for.
 */
import { Prediction, type PredictionFor, type PredictorFor } from "../core/prediction.ts";
import { StepPredictor, type AnySteps } from "./steps.ts";

export { load } from "./wasm.ts";

/** Returns what makes the prediction of a seat, from a game's steps or from a maker of predictors. */
export function predictionFor(p: object, options: { readonly smooth?: number; readonly snap?: number }, state: () => unknown): PredictionFor {
  return (schema, player) => {
    const sim = typeof p === "function" ? (p as PredictorFor)(schema, player) : new StepPredictor(schema, player, p as AnySteps, state);
    return new Prediction(schema, player, sim, { half: options.smooth ?? 60, snap: options.snap ?? 0 });
  };
}
