// What a client can be told to do without.

import { choice, h, toggle } from "../dom.ts";

export interface Settings {
  prediction: "off" | "wasm";
  interpolation: boolean;
  compensation: boolean;
  ghosts: boolean;
  autopilot: boolean;
}

export const defaults: Settings = { prediction: "wasm", interpolation: true, compensation: true, ghosts: false, autopilot: true };

/** The switches of one client. change is called with what was switched. */
export function switchPanel(settings: Settings, tag: boolean, change: (what: keyof Settings) => void) {
  const on = <K extends keyof Settings>(what: K) => (value: Settings[K]) => { settings[what] = value; change(what); };
  const prediction = choice("Prediction", [
    { value: "off", text: "off", title: "Own rows are drawn as they come, a round trip late" },
    { value: "wasm", text: "Go rules", title: "The server's own rules, compiled to WASM, run ahead here" },
  ], settings.prediction, on("prediction"));
  const autopilot = toggle("Autopilot", settings.autopilot, "Flies until you take the controls", on("autopilot"));
  const element = h("section", { class: "switches", "aria-label": "What this client does" },
    prediction,
    toggle("Interpolation", settings.interpolation, "Others are drawn between two states, a moment ago; without it, as they arrive", on("interpolation")),
    !tag && toggle("Lag compensation", settings.compensation, "Hits are judged by what the shooter saw; without it, by where ships are when the shot arrives", on("compensation")),
    toggle("Ghosts", settings.ghosts, "Outlines where the server has them now", on("ghosts")));
  return {
    element, autopilot, prediction,
    /** Shows that a person took over. */
    land(): void { autopilot.querySelector("input")!.checked = settings.autopilot; },
  };
}
