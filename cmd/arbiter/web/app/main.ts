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
import type { Tab } from "./tabs/tab.ts";
import { flipTheme, restoreTheme } from "./theme.ts";

const tabs: Record<string, (rest: string[]) => Tab> = {
  arena: () => new Duel("arena", {
    title: "Two players, one server",
    text: "Each side is a client with its own connection. Degrade or cut one connection, and see what the other player notices.",
  }),
  tag: () => new Duel("tag", {
    title: "Tag, in sixty lines of Go",
    text: "The framed player is “it”. The game is a single file; all of its networking is done by the framework.",
  }),
  find: (rest) => new Find(rest),
  interest: () => new Interest(),
  matches: (rest) => new Matches(rest),
  lines: () => new Lines(),
};

const main = document.querySelector("main")!;
let open: { name: string; tab: Tab } | null = null;

/** Opens the tab named in the URL's fragment. */
function route(): void {
  const [name = "", ...rest] = location.hash.slice(1).split("/");
  const chosen = name in tabs ? name : "arena";
  open?.tab.stop();
  const tab = tabs[chosen]!(rest);
  open = { name: chosen, tab };
  main.replaceChildren(tab.element);
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
route();

requestAnimationFrame(function frame(now) {
  requestAnimationFrame(frame); // first, so that a frame that throws is not the last
  open?.tab.frame(now);
});

/** For the console, and for tests: the tab that is open, with its clients. */
declare global { interface Window { playground: { readonly tab: Tab | undefined } } }
window.playground = { get tab() { return open?.tab; } };
