// The netcode settings of one client.

import { choice, h, setText, toggle } from "../dom.ts";
import type { SceneKind } from "../net/scenes.ts";

export interface Settings {
  prediction: "off" | "wasm";
  interpolation: boolean;
  compensation: boolean;
  ghosts: boolean;
  autopilot: boolean;
}

export const defaults: Settings = { prediction: "wasm", interpolation: true, compensation: true, ghosts: false, autopilot: true };

/** The settings of one client. change is called with the setting that changed. */
export function settingsPanel(settings: Settings, kind: SceneKind, name: string, change: (what: keyof Settings) => void) {
  const on = <K extends keyof Settings>(what: K) => (value: Settings[K]) => { settings[what] = value; change(what); };
  const prediction = choice("Prediction", [
    { value: "off", text: "off", title: "Your player is drawn as the server sends it, a round trip late" },
    { value: "wasm", text: "Go rules", title: "Client-side prediction: the server's own rules, compiled to WebAssembly, run ahead in this page" },
  ], settings.prediction, on("prediction"));
  const autopilot = toggle("Autopilot", settings.autopilot, "Plays until you use the controls", on("autopilot"));
  const failed = h("p", { class: "small", hidden: true });
  const element = h("section", { class: "settings", "aria-label": `Netcode settings of ${name}` },
    prediction,
    toggle("Interpolation", settings.interpolation, "Other players are drawn between two snapshots, slightly in the past; without it, as snapshots arrive", on("interpolation")),
    kind === "arena" && toggle("Lag compensation", settings.compensation, "Hits are judged by what the shooter saw; without it, by where ships are when the shot reaches the server", on("compensation")),
    toggle("Ghosts", settings.ghosts, "Outlines show where the server has each player now", on("ghosts")),
    failed);
  return {
    element, autopilot,
    /** Turns prediction off and says why it can't be on. */
    predictionFailed(why: string): void {
      prediction.set("off");
      prediction.allow("wasm", false, why);
      failed.hidden = false;
      setText(failed, `Prediction is off. ${why}`);
    },
    /** Shows that the player took over from the autopilot. */
    autopilotOff(): void { autopilot.querySelector("input")!.checked = settings.autopilot; },
  };
}
