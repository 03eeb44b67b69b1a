// Colours. The style sheet owns them; canvases read them from there.

import { recall, remember } from "./storage.ts";

export interface Palette {
  dark: boolean;
  space: string; mist: string[]; star: string; grid: string; wall: string;
  text: string; dim: string; panel: string; line: string;
  sides: [string, string]; // of the two clients of the page
  others: string[];        // of all other players, by player number
  drone: string; warn: string; bad: string; good: string;
}

let palette: Palette | null = null;
const system = matchMedia("(prefers-color-scheme: dark)");
system.addEventListener("change", () => { palette = null; });

const reduced = matchMedia("(prefers-reduced-motion: reduce)");

/** Whether the player wants nothing to move that need not. */
export const isCalm = (): boolean => reduced.matches;

/** Which colour a player has. */
export type PlayerColour = (player: number) => string;

/** The current colours. */
export function colours(): Palette {
  return palette ??= read();
}

function read(): Palette {
  const style = getComputedStyle(document.documentElement);
  const v = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    dark: v("scheme") === "dark",
    space: v("space"), mist: [v("mist-1"), v("mist-2"), v("mist-3")], star: v("star"), grid: v("grid"), wall: v("wall"),
    text: v("text"), dim: v("dim"), panel: v("panel"), line: v("line"),
    sides: [v("side-a"), v("side-b")],
    others: [v("other-1"), v("other-2"), v("other-3"), v("other-4"), v("other-5")],
    drone: v("drone"), warn: v("warn"), bad: v("bad"), good: v("good"),
  };
}

const key = "arbiter-theme";

/** Restores the theme chosen on an earlier visit. */
export function restoreTheme(): void {
  apply(recall("localStorage", key) ?? "");
}

/** Switches between dark and light, and remembers the choice. */
export function flipTheme(): void {
  const next = colours().dark ? "light" : "dark";
  remember("localStorage", key, next);
  apply(next);
}

function apply(theme: string): void {
  if (theme) document.documentElement.dataset.theme = theme;
  palette = null;
}

/** The colour with an opacity of 0 to 1. Colours here are #rrggbb. */
export function faded(colour: string, opacity: number): string {
  return colour + Math.round(Math.min(Math.max(opacity, 0), 1) * 255).toString(16).padStart(2, "0");
}
