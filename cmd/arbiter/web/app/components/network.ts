// Controls of a client's simulated network.

import { h, slider } from "../dom.ts";
import type { Conditions, Link } from "../net/link.ts";

const kinds = [
  { key: "latency", label: "Latency", max: 500, step: 10, unit: "ms", title: "Added to each round trip, half in each direction" },
  { key: "jitter", label: "Jitter", max: 300, step: 10, unit: "ms", title: "Random additional delay, up to this much; messages stay in order" },
  { key: "stall", label: "Stalls", max: 3000, step: 100, unit: "ms", title: "Every few seconds nothing passes for this long, then everything arrives at once" },
] as const;

const presets: { name: string; conditions: Conditions }[] = [
  { name: "local", conditions: { latency: 0, jitter: 0, stall: 0 } },
  { name: "home", conditions: { latency: 40, jitter: 10, stall: 0 } },
  { name: "mobile", conditions: { latency: 150, jitter: 60, stall: 0 } },
  { name: "train", conditions: { latency: 250, jitter: 120, stall: 1200 } },
];

/** Sliders, presets and the Drop button for one link. */
export function networkPanel(link: Link, name: string): HTMLElement {
  const sliders = kinds.map((k) => {
    const s = slider(k.label, k, (value) => { link.conditions[k.key] = value; mark(); });
    s.dataset.condition = k.key;
    return s;
  });
  const buttons = presets.map((p) => h("button", { type: "button", onclick: () => apply(p.conditions) }, p.name));
  const mark = () => presets.forEach((p, i) =>
    buttons[i]!.setAttribute("aria-pressed", String(kinds.every((k) => p.conditions[k.key] === link.conditions[k.key]))));
  const apply = (w: Conditions) => {
    Object.assign(link.conditions, w);
    kinds.forEach((k, i) => sliders[i]!.set(w[k.key]));
    mark();
  };
  apply(link.conditions);
  const drop = h("button", {
    type: "button", class: "drop", "data-action": "drop", onclick: () => link.drop(),
    title: "Cuts the connection abruptly, as a network failure does. The client then resumes its seat.",
  }, "Drop");
  return h("section", { class: "network", "aria-label": `Network of ${name}` },
    h("div", { class: "choice" }, h("span", { class: "label" }, "Network"), ...buttons, drop),
    h("div", { class: "sliders" }, ...sliders));
}
