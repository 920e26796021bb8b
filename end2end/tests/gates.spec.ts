// A gate that cannot close keeps nothing out: each is shown a page that was spoilt on purpose, and must say so.
import type { Page } from "@playwright/test";
import { axeFinds, axeFindsInThemes, content, expect, look, ownStyle, test } from "./house";

const spoilt: { gate: Parameters<typeof look>[1]; how: string; at?: string; css: string; says: RegExp; media?: Parameters<Page["emulateMedia"]>[0] }[] = [
  { gate: "fits", how: "a heading wider than the window", css: "h1 { width: 2000px }", says: /scrolls sideways/ },
  { gate: "fits", how: "words cut off", css: ".lead { height: 8px; overflow: hidden }", says: /cut off/ },
  { gate: "fits", how: "words on words", css: ".lead { margin-top: -60px }", says: /lies on other words/ },
  { gate: "fits", how: "words that hang out of their button", css: "main button { width: 20px !important; min-width: 0; white-space: nowrap; padding: 0 }", says: /outside of its box/ },
  { gate: "legible", how: "a column of single letters", css: ".lead { width: 2em; overflow-wrap: anywhere }", says: /squeezed/ },
  { gate: "legible", how: "a word in two pieces", css: ".lead { width: 3em; overflow-wrap: anywhere }", says: /the word “address” is broken/ },
  { gate: "legible", how: "small print", css: ".lead { font-size: 11px }", says: /11px/ },
  { gate: "targets", how: "low buttons", css: "main button { min-height: 0; padding: 0; line-height: 1 }", says: /button/ },
  { gate: "rings", how: "no ring", css: ":focus-visible { box-shadow: none !important }", says: /has no ring/ },
  { gate: "rings", how: "a header that covers", css: ".top { position: fixed !important; inset: 0 0 auto; height: 70vh }", says: /is covered by/ },
  { gate: "rings", how: "a ring that is cut off", css: ".field { overflow: hidden }", says: /cut off/ },
  { gate: "moves", how: "a button that fades", css: "button { transition: background 0.3s }", says: /would move/ },
  { gate: "moves", how: "a heading that slides", css: "@keyframes in { from { translate: 9px } } h1 { animation: in 9s }", says: /moves/ },
  { gate: "edges", how: "buttons without an edge", css: "button { border: 0 !important }", says: /has no edge/, media: { forcedColors: "active" } },
  { gate: "edges", how: "links like words", at: "/help", css: "main a { text-decoration: none !important }", says: /does not look like a link/, media: { forcedColors: "active" } },
  { gate: "rings", how: "no outline in forced colours", css: ":focus-visible { outline: 0 !important }", says: /has no ring/, media: { forcedColors: "active" } },
  { gate: "standing", how: "help in another order", css: "nav[aria-label='Help and safety'] li:first-child { display: none }", says: /help and safety: \/talk/ },
  { gate: "standing", how: "no way out", css: ".leave { display: none }", says: /there 0 times/ },
  { gate: "standing", how: "a way out below the window", css: ".leave { position: relative; top: 200vh }", says: /cannot be seen/ },
  { gate: "printed", how: "a menu on paper", css: "@media print { .bottom { display: block !important } }", says: /is printed/, media: { media: "print" } },
  { gate: "printed", how: "white words on paper", css: "@media print { h1 { color: white } }", says: /pale on paper/, media: { media: "print" } },
];

test("each gate closes on a page that was spoilt", async ({ page }) => {
  for (const { gate, how, at, css, says, media } of spoilt) {
    await test.step(`${gate}: ${how}`, async () => {
      await page.emulateMedia({ media: "screen", forcedColors: "none", ...media });
      await page.goto(at ?? "/sign-in");
      await ownStyle(page, css);
      expect((await look(page, gate)).join("\n"), `${gate}: ${how}`).toMatch(says);
    });
  }
});

test("axe closes on what it leaves open, and on colours of one theme only", async ({ page }) => {
  await page.goto("/sign-in");
  expect(await axeFinds(page)).toEqual([]);
  expect(await axeFindsInThemes(page)).toEqual([]);
  await ownStyle(page, ":root[data-theme=cream] .lead { color: #bbb; background: #fff }");
  expect(await axeFinds(page)).toEqual([]);
  expect((await axeFindsInThemes(page)).join("\n")).toMatch(/^cream: color-contrast:/);
  // A picture behind the words: axe cannot tell how they stand out, and nobody has looked.
  await ownStyle(page, ".lead { background: linear-gradient(#fff, #000) }");
  expect((await axeFinds(page)).join("\n")).toMatch(/left open, not in triage/);
});

test("our style sheet asks for no orientation, which axe cannot read there", async ({ page }) => {
  await page.goto("/");
  const sheets = await page.evaluate(() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)));
  expect(sheets.length).toBeGreaterThan(100);
  expect(sheets.filter((rule) => /orientation/.test(rule))).toEqual([]);
});

test("axe runs where the page's scripts are off", async ({ noScripts }) => {
  await noScripts.goto("/sign-in");
  expect(await axeFinds(noScripts)).toEqual([]);
  await ownStyle(noScripts, ".lead { color: #bbb; background: #fff }");
  expect((await axeFinds(noScripts)).join("\n")).toMatch(/color-contrast/);
});

test("axe and the comparison with the plain page close as well", async ({ page, noScripts }) => {
  await page.goto("/sign-in");
  await ownStyle(page, ".lead { color: #bbb; background: #fff }");
  expect((await axeFinds(page)).join("\n")).toMatch(/color-contrast/);
  expect((await axeFinds(page, ["color-contrast"])).join("\n")).toMatch(/color-contrast/);
  await page.goto("/sign-in");
  await noScripts.goto("/sign-in");
  await page.evaluate(() => document.querySelector("main form")!.remove());
  expect(await content(page)).not.toEqual(await content(noScripts));
});
