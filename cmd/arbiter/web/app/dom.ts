// Building the page without a framework.

type Value = string | number | boolean | null | undefined | EventListener;
type Child = Node | string | null | false;

/** Creates an element. Properties that are functions are event listeners: onclick and so on. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, props: Record<string, Value> | null = null, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (typeof value === "function") el.addEventListener(name.slice(2), value);
    else if (value === true) el.setAttribute(name, "");
    else if (value !== false && value != null) el.setAttribute(name, String(value));
  }
  el.append(...children.filter((c): c is Node | string => c != null && c !== false));
  return el;
}

/** Writes text only if it changed, which avoids layout in every animation frame. */
export function setText(el: HTMLElement, text: string): void {
  if (el.textContent !== text) el.textContent = text;
}

/** A switch with a label. onchange gets the new setting. */
export function toggle(label: string, on: boolean, title: string, onchange: (on: boolean) => void): HTMLLabelElement {
  const box = h("input", { type: "checkbox", role: "switch" });
  box.checked = on;
  box.addEventListener("change", () => onchange(box.checked));
  return h("label", { class: "toggle", title }, box, h("span", { class: "knob" }), h("span", {}, label));
}

/** A row of buttons of which one is selected. */
export function choice<T extends string>(
  label: string, options: { value: T; text: string; title?: string }[], value: T, onchange: (value: T) => void,
): HTMLElement & { set(value: T): void; allow(value: T, allowed: boolean, why: string): void } {
  const buttons = options.map((o) => h("button", {
    type: "button", title: o.title, "data-value": o.value, onclick: () => { set(o.value); onchange(o.value); },
  }, o.text));
  const set = (value: T) => {
    for (const b of buttons) b.setAttribute("aria-pressed", String(b.dataset.value === value));
  };
  const allow = (value: T, allowed: boolean, why: string) => {
    for (const b of buttons) if (b.dataset.value === value) { b.disabled = !allowed; b.title = why; }
  };
  set(value);
  const row = h("div", { class: "choice", role: "group", "aria-label": label }, h("span", { class: "label" }, label), ...buttons);
  return Object.assign(row, { set, allow });
}

/** A slider with its value beside it. */
export function slider(
  label: string, range: { max: number; step: number; unit: string; title: string }, onchange: (value: number) => void,
): HTMLLabelElement & { set(value: number): void } {
  const input = h("input", { type: "range", min: 0, max: range.max, step: range.step, "aria-label": label });
  const out = h("output");
  const show = () => {
    setText(out, `${input.value} ${range.unit}`);
    input.setAttribute("aria-valuetext", `${input.value} ${range.unit}`);
  };
  const set = (value: number) => { input.value = String(value); show(); };
  input.addEventListener("input", () => { show(); onchange(Number(input.value)); });
  set(0);
  return Object.assign(h("label", { class: "slider", title: range.title }, h("span", {}, label), out, input), { set });
}
