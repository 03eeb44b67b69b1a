import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { connect } from "../src/index.ts";
import { browser } from "../src/platform/environment.ts";

afterEach(() => {
  for (const name of ["location", "document"]) Reflect.deleteProperty(globalThis, name);
});

/** Makes the globals those of a page. */
function page(href: string, origin: string, baseURI = href): void {
  Object.defineProperty(globalThis, "location", { configurable: true, value: { href, origin } });
  Object.defineProperty(globalThis, "document", { configurable: true, value: { baseURI, addEventListener() {} } });
}

const pages: [href: string, origin: string, baseURI: string, want: string][] = [
  ["https://game.example/play?x#y", "https://game.example", "https://game.example/play", "https://game.example"],
  ["http://127.0.0.1:8080/", "http://127.0.0.1:8080", "http://cdn.example/", "http://127.0.0.1:8080"],
  ["file:///home/ann/game.html", "null", "file:///home/ann/game.html", ""], // as in Firefox
  ["file:///home/ann/game.html", "file://", "file:///home/ann/game.html", ""], // as in Chromium
  ["data:text/html,x", "null", "data:text/html,x", ""],
  ["about:srcdoc", "null", "https://game.example/page", "https://game.example"],
  ["blob:https://game.example/0-1", "https://game.example", "blob:https://game.example/0-1", "https://game.example"],
];

test("a page's origin is that of a server, or none", () => {
  for (const [href, origin, base, want] of pages) {
    page(href, origin, base);
    assert.equal(browser().origin, want, `${href} with ${origin}`);
  }
});

test("a page without an origin connects to the url it gives, and is told when it gives none", async () => {
  for (const [href, origin, base, want] of pages.filter((p) => !p[3])) {
    page(href, origin, base);
    const asked: string[] = [];
    const fetch = (url: string): Promise<Response> => {
      asked.push(url);
      return Promise.resolve(new Response('{"token":"t"}'));
    };
    const urls: string[] = [];
    const transport = (url: string): never => {
      urls.push(url);
      throw new Error("no socket");
    };
    const options = { game: "arena", transport, environment: { fetch } };
    await assert.rejects(connect({ ...options, url: "http://127.0.0.1:8080" }), /no socket/);
    assert.deepEqual([asked, urls], [["http://127.0.0.1:8080/v1/guest"], ["ws://127.0.0.1:8080/play?game=arena"]], href);
    await assert.rejects(connect(options), /url "": it must look like https:\/\/host/, `${want}${href}`);
  }
});
