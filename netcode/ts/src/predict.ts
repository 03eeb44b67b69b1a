/**
 * What it takes to predict: loaded when it is asked for first.
 */
import type { AheadFor } from "./core/ahead.ts";
import { Prediction } from "./core/prediction.ts";
import type { PredictorFor, Softening } from "./room.ts";
import { StepPredictor, type AnySteps } from "./step.ts";

export { load } from "./wasm.ts";

/** What makes the prediction of a seat, out of steps or of what makes rules. */
export function ahead(p: object, soft: Partial<Softening>, state: () => unknown): AheadFor {
  return (schema, player) => {
    const sim = typeof p === "function" ? (p as PredictorFor)(schema, player) : new StepPredictor(schema, player, p as AnySteps, state);
    return new Prediction(schema, player, sim, { half: soft.smooth ?? 60, snap: soft.snap ?? 0 });
  };
}
