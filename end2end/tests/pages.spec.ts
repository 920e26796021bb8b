// Every page there is, in every way somebody may look at it. The list comes from the program itself: a page to which no links
// lead from the front door, whoever looks, fails. What is looked at: setup.ts walks along all links as each kind of visitor,
// and every page where somebody sees something new is opened here. In the nightly run (TANDEM_FULL) all of everybody's pages.
import type { Page } from "@playwright/test";
import { axeFinds, axeFindsInThemes, content, display, expect, look, newPage, ownStyle, signIn, test, unfold } from "./house";
import { pageDoors, part, visitors, walked, type Visit } from "./doors";
import { chromium } from "@playwright/test";
import config from "../playwright.config";

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 320, height: 640 };
/** A4 between its margins, at 96 pixels an inch. */
const PAPER = { width: 672, height: 972 };
/** WCAG 1.4.12, as somebody's own stylesheet. */
const SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }";
const FULL = !!process.env.TANDEM_FULL;
const PARTS = FULL ? 24 : 8;

const said = (visit: Visit, theme: string) => `${visit.address} as ${visitors[visit.visitor].name}, ${theme}`;

/** Nothing is wrong, and if something is, it is told with where and how it was looked at. */
async function fine(what: string, found: Promise<string[]>) {
  expect.soft(await found, what).toEqual([]);
}

async function open(page: Page, address: string) {
  const answer = await page.goto(address);
  expect(answer?.status(), address).toBe(200);
  // After "Leave now" nothing of it is in the browser (STANDARDS S-050).
  expect.soft(answer?.headers()["cache-control"], `${address} is kept by nobody`).toBe("no-store");
  // Long pages repeat themselves; what is folded away is looked at too.
  await unfold(page, 6);
}

/** All that can be asked of one page without opening it again. */
async function inspect(page: Page, where: string) {
  await expect.soft(page.locator("h1"), where).toHaveCount(1);
  await expect.soft(page, where).toHaveTitle(/.+ – .+/);
  await fine(`what stands on every page: ${where}`, look(page, "standing"));
  await fine(`axe: ${where}`, axeFinds(page));
  // The server writes the theme as one attribute and nothing else: the page of another theme is this one with that changed. The
  // full run asks every rule in each of them.
  await fine(`axe in the other themes: ${where}`, axeFindsInThemes(page, FULL));
  await fine(`targets of 44 px: ${where}`, look(page, "targets"));
  await fine(`size of letters: ${where}`, look(page, "legible"));
  await fine(`nothing moves: ${where}`, look(page, "moves"));
  await fine(`focus: ${where}`, look(page, "rings"));
  await fine(`as it is: ${where}`, look(page, "fits"));
  await ownStyle(page, SPACED);
  await fine(`spaced text: ${where}`, look(page, "fits"));
  await ownStyle(page, "");

  // Sizes of /display, as the server would write them.
  const size = (size: string) => page.evaluate((size) => { document.documentElement.dataset.size = size; }, size);
  await size("200");
  await fine(`text of 200 %: ${where}`, look(page, "fits"));
  await size("300");
  await fine(`text of 300 %: ${where}`, look(page, "fits"));
  await page.setViewportSize(NARROW);
  await size("200");
  await fine(`text of 200 % at 320 px: ${where}`, look(page, "fits"));
  await size("100");
  await fine(`320 px: ${where}`, look(page, "fits"));
  await fine(`what stands on every page, at 320 px: ${where}`, look(page, "standing"));
  await fine(`size of letters at 320 px: ${where}`, look(page, "legible"));
  await fine(`targets of 44 px at 320 px: ${where}`, look(page, "targets"));
  await fine(`focus at 320 px: ${where}`, look(page, "rings"));
  await ownStyle(page, SPACED);
  await fine(`spaced text at 320 px: ${where}`, look(page, "fits"));
  await ownStyle(page, "");
  await page.setViewportSize(WIDE);

  // From the start, as for somebody who has them: a page that is open already keeps some of its colours.
  await page.emulateMedia({ forcedColors: "active" });
  await open(page, page.url());
  await fine(`edges in forced colours: ${where}`, look(page, "edges"));
  await fine(`focus in forced colours: ${where}`, look(page, "rings"));
  // axe asks for the colour that letters are filled with. The browser tells it as it was before it was forced; the colour of
  // the letters is told as it is drawn.
  await page.evaluate(() => {
    for (const e of document.querySelectorAll<HTMLElement>("body *")) e.style.setProperty("-webkit-text-fill-color", getComputedStyle(e).color);
  });
  await fine(`contrast in forced colours: ${where}`, axeFinds(page, ["color-contrast"]));
  await page.emulateMedia({ forcedColors: "none", media: "print" });
  await page.setViewportSize(PAPER);
  await fine(`on paper: ${where}`, look(page, "printed"));
  await fine(`fits on paper: ${where}`, look(page, "fits"));
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize(WIDE);
}

/** Pages that no link leads to, and why. The kit and what is no page (/healthz, /robots.txt) are not in the list at all. */
const UNLINKED: Record<string, string> = {
  "/card/{code}": "the square on a printed card leads there",
  "/offline": "browsers keep it, and show it when nothing else can be had",
};

test("no page is left out", () => {
  const { reached, linked } = walked();
  expect(pageDoors().filter((p) => !reached.includes(p)), "pages that nobody reached").toEqual([]);
  expect(pageDoors().filter((p) => !linked.includes(p) && !(p in UNLINKED)), "pages that no link leads to").toEqual([]);
  expect(Object.keys(UNLINKED).filter((p) => linked.includes(p)), "listed as pages that no link leads to, but one does").toEqual([]);
});

for (let n = 0; n < PARTS; n++) {
  test(`pages hold, however they are looked at: ${n + 1} of ${PARTS}`, async ({ browser, server, wrongs }) => {
    const visits = part(n, PARTS);
    test.setTimeout(60_000 + visits.length * 20_000);
    let page: Page | undefined;
    let whose = -1;
    for (const { visit, theme } of visits) {
      if (!page || whose !== visit.visitor) {
        await page?.context().close();
        page = await newPage(browser, server, wrongs, { viewport: WIDE, reducedMotion: visit.visitor % 2 ? "reduce" : "no-preference" });
        whose = visit.visitor;
        const who = visitors[whose].find();
        if (who) await signIn(page, who);
      }
      await display(page, server, `theme-${theme}`);
      await open(page, visit.address);
      await inspect(page, said(visit, theme));
    }
    await page?.context().close();
  });

  test(`pages say the same without JavaScript: ${n + 1} of ${PARTS}`, async ({ browser, server, wrongs }) => {
    const visits = part(n, PARTS);
    test.setTimeout(60_000 + visits.length * 5_000);
    for (const [visitor, { find }] of visitors.entries()) {
      const mine = [...new Set(visits.filter((v) => v.visit.visitor === visitor).map((v) => v.visit.address))];
      if (mine.length === 0) continue;
      const pages = [true, false].map((javaScriptEnabled) => newPage(browser, server, wrongs, { viewport: WIDE, javaScriptEnabled }));
      const [on, off] = await Promise.all(pages);
      // One session for both: what a page says of sessions is the same then.
      const who = find();
      if (who) await signIn(on, who);
      await off.context().addCookies(await on.context().cookies());
      for (const address of mine) {
        await on.goto(address);
        await off.goto(address);
        const [a, b] = [await content(on), await content(off)];
        expect.soft(a, `${address} as ${visitors[visitor].name}`).toEqual(b);
      }
      for (const page of [on, off]) await page.context().close();
    }
  });

  test(`pages fit when the browser's own letters are twice as big: ${n + 1} of ${PARTS}`, async ({ server, wrongs }) => {
    const visits = part(n, PARTS);
    test.setTimeout(60_000 + visits.length * 5_000);
    const launch = config.use!.launchOptions!;
    const browser = await chromium.launch({ ...launch, args: [...launch.args!, "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"] });
    for (const [visitor, { find }] of visitors.entries()) {
      const mine = [...new Set(visits.filter((v) => v.visit.visitor === visitor).map((v) => v.visit.address))];
      if (mine.length === 0) continue;
      const page = await newPage(browser, server, wrongs, { viewport: WIDE });
      const who = find();
      if (who) await signIn(page, who);
      for (const address of mine) {
        await open(page, address);
        expect(await page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize)), "the setting works").toBeGreaterThan(35);
        await fine(`the browser's letters at 200 %: ${address}`, look(page, "fits"));
      }
      await page.context().close();
    }
    await browser.close();
  });
}
