// The playground: the page at the root of an Arbiter server.

import "./style/base.css";
import "./style/page.css";
import "./style/client.css";
import "./style/find.css";
import { Duel } from "./tabs/duel.ts";
import { Find } from "./tabs/find.ts";
import { Interest } from "./tabs/interest.ts";
import { Lines } from "./tabs/lines.ts";
import { Matches } from "./tabs/matches.ts";
import { games } from "./net/api.ts";
import type { Tab } from "./tabs/tab.ts";
import { flipTheme, restoreTheme } from "./theme.ts";

/** The tabs in the order of the page's head, each with the demo game that it shows; the others are for all games. */
const tabs: Record<string, { game?: string; create: (rest: string[]) => Tab }> = {
  arena: {
    game: "arena",
    create: () => new Duel("arena", {
      title: "Two players, one server",
      text: "Each side is a client with its own connection. Degrade or cut one connection, and see what the other player notices.",
    }),
  },
  tag: {
    game: "tag",
    create: () => new Duel("tag", {
      title: "Tag, in sixty lines of Go",
      text: "The framed player is “it”. The game is a single file; all of its networking is done by the framework.",
    }),
  },
  find: { create: (rest) => new Find(rest) },
  interest: { game: "arena-large", create: () => new Interest() },
  matches: { create: (rest) => new Matches(rest) },
  lines: { game: "arena", create: () => new Lines() },
};

const main = document.querySelector("main")!;
let open: { name: string; tab: Tab } | null = null;

/** Removes the tabs of demo games that the server does not host. */
async function removeMissing(): Promise<void> {
  const hosted = await games().then((list) => new Set(list.map((g) => g.name)), () => null);
  for (const [name, { game }] of Object.entries(tabs)) {
    if (!game || !hosted || hosted.has(game)) continue;
    delete tabs[name];
    document.querySelector(`nav a[href="#${name}"]`)?.remove();
  }
}

/** Opens the tab named in the URL's fragment. */
function route(): void {
  const [name = "", ...rest] = location.hash.slice(1).split("/");
  const chosen = name in tabs ? name : "arena" in tabs ? "arena" : "matches";
  open?.tab.stop();
  const tab = tabs[chosen]!.create(rest);
  open = { name: chosen, tab };
  const focus = main.contains(document.activeElement);
  main.replaceChildren(tab.element);
  const title = main.querySelector("h1")!;
  title.tabIndex = -1;
  if (focus) title.focus({ preventScroll: true });
  document.title = `${title.textContent} · Arbiter playground`;
  for (const a of document.querySelectorAll("nav a")) {
    if (a.getAttribute("href") === `#${chosen}`) {
      a.setAttribute("aria-current", "page");
      a.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else a.removeAttribute("aria-current");
  }
}

restoreTheme();
document.querySelector("#theme")!.addEventListener("click", flipTheme);
addEventListener("hashchange", route);
addEventListener("findanother", () => {
  history.replaceState(null, "", `#${open?.name ?? ""}`);
  route();
});
addEventListener("pagehide", () => open?.tab.stop());
addEventListener("pageshow", (e) => { if (e.persisted) route(); });
document.addEventListener("visibilitychange", () => { if (document.hidden) open?.tab.releaseControls(); });
void removeMissing().then(route);

requestAnimationFrame(function frame(now) {
  requestAnimationFrame(frame); // first, so that a frame that throws is not the last
  open?.tab.frame(now);
});

/** For the console, and for tests: the tab that is open, with its clients. */
declare global { interface Window { playground: { readonly tab: Tab | undefined } } }
window.playground = { get tab() { return open?.tab; } };
