// What every journey stands on: a server of its own worker with the demo in it, its people, and guards on every page.
import { test as base, expect, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { startServer, stopServer, type Person, type Server } from "./server";

import { themes } from "./themes";
import { triaged } from "./triage";

export { inGroup, people, roleIn, somebody, startServer, stopServer, type Person, type Server } from "./server";
export { themes } from "./themes";

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const lookSource = readFileSync(join(import.meta.dirname, "..", "look.js"), "utf8");

// The rules of STANDARDS A-002, with those that are off by default.
const axeRules = {
  preload: false,
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
  rules: Object.fromEntries([
    "target-size", "identical-links-same-purpose", "meta-refresh-no-exceptions", "landmark-complementary-is-top-level",
    "audio-caption", "css-orientation-lock", "p-as-heading", "td-has-header", "table-fake-caption", "focus-order-semantics", "hidden-content",
    "color-contrast-enhanced",
  ].map((rule) => [rule, { enabled: true }])),
};

/** What a theme can change: contrast of every text (the enhanced rule leaves what has less than 4.5:1 to the other), and of
 * links among words. */
const colourRules = ["color-contrast", "color-contrast-enhanced", "link-in-text-block"];

/** What is on the page besides its head, menu and foot. */
export const main = (page: Page) => page.getByRole("main");

/** Contexts in which axe is at work: it writes inline styles of its own, which the policy rightly refuses. */
const atWork = new WeakSet<BrowserContext>();
/** Contexts of people without JavaScript. */
const scriptless = new WeakSet<BrowserContext>();

/** Contexts whose line a test has cut: what fails there is no fault of the page. */
const cutOff = new WeakSet<BrowserContext>();

/** Cuts the line of a browser, sockets that are open among them, or gives it back. */
export async function offline(page: Page, cut: boolean) {
  if (cut) cutOff.add(page.context());
  await page.context().setOffline(cut);
}

type Node = { html: string; target: unknown[]; failureSummary?: string; element?: Element };
type Rule = { id: string; help: string; nodes: Node[] };

/** What axe finds on this page, as it is now, and what it leaves open and nobody has looked at yet (triage.ts). Where the
 * page's scripts are off axe runs all the same: it is put in from outside. `rules`: only these. */
export async function axeFinds(page: Page, rules?: string[]): Promise<string[]> {
  const options = rules ? { preload: false, runOnly: { type: "rule", values: rules } } : axeRules;
  atWork.add(page.context());
  try {
    if (!(await page.evaluate(() => "axe" in window))) {
      // Timers run nothing where scripts are off, and axe waits for one between its steps. Promises do run there.
      if (scriptless.has(page.context())) {
        await page.evaluate(() => {
          const soon = (act: (...all: unknown[]) => void, _: unknown, ...all: unknown[]) => { void Promise.resolve().then(() => act(...all)); return 0; };
          Object.assign(window, { setTimeout: soon, requestAnimationFrame: soon });
        });
      }
      await page.evaluate(axeSource);
    }
    return await page.evaluate(async ({ options, triaged }) => {
      const { axe } = window as unknown as { axe: { run: (d: Document, o: unknown) => Promise<{ violations: Rule[]; incomplete: Rule[] }> } };
      // From the top: what has scrolled below the head of the page cannot be measured.
      const at = scrollY;
      scrollTo({ top: 0, behavior: "instant" });
      const result = await axe.run(document, { ...options, elementRef: true, resultTypes: ["violations", "incomplete"] });
      scrollTo({ top: at, behavior: "instant" });
      const told = (rule: Rule, nodes: Node[], how: string) => `${rule.id}${how}: ${rule.help}\n` + nodes.slice(0, 4).map((n) => `    ${n.html.slice(0, 200)}\n    ${n.target.join(" ")}\n    ${n.failureSummary?.split("\n").slice(1, 3).join("; ")}`).join("\n");
      const open = (rule: Rule) => rule.nodes.filter((n) => !triaged.some((t) => t.rule === rule.id && n.element?.matches(t.selector)));
      return [
        ...result.violations.map((rule) => told(rule, rule.nodes, "")),
        ...result.incomplete.map((rule) => ({ rule, nodes: open(rule) })).filter((r) => r.nodes.length > 0).map((r) => told(r.rule, r.nodes, " (left open, not in triage.ts)")),
      ];
    }, { options, triaged: triaged.map(({ rule, selector }) => ({ rule, selector })) });
  } finally {
    // Messages travel by the same pipe, so what axe caused has arrived when this answer has.
    await page.evaluate(() => 0);
    atWork.delete(page.context());
  }
}

/** What axe finds in the other themes: the page is the same, only its colours are not. `all`: by every rule, not only by those
 * about colours. */
export async function axeFindsInThemes(page: Page, all = false): Promise<string[]> {
  const given = await page.evaluate(() => document.documentElement.dataset.theme!);
  const found: string[] = [];
  for (const theme of themes.filter((theme) => theme !== given)) {
    await page.evaluate((theme) => { document.documentElement.dataset.theme = theme; }, theme);
    found.push(...(await axeFinds(page, all ? undefined : colourRules)).map((words) => `${theme}: ${words}`));
  }
  await page.evaluate((theme) => { document.documentElement.dataset.theme = theme; }, given);
  return found;
}

/** axe finds nothing on this page, in any theme. */
export async function axe(page: Page, as = "") {
  expect.soft(await axeFinds(page), `axe on ${page.url()} ${as}`).toEqual([]);
  expect.soft(await axeFindsInThemes(page), `axe on ${page.url()} ${as}, other themes`).toEqual([]);
}

/** A page holds: axe in every theme, and where scripts run everything fits and can be pressed, wide and at 320 px. */
export async function good(page: Page, scripts: boolean) {
  await axe(page);
  if (!scripts) return;
  await fits(page);
  expect.soft(await look(page, "targets"), page.url()).toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  await fits(page);
  expect.soft(await look(page, "fits"), page.url()).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 900 });
}

type Look = "fits" | "legible" | "targets" | "focused" | "rings" | "moves" | "edges" | "standing" | "printed";
/** What is wrong with how a page looks, or not there: see look.js. */
export async function look(page: Page, what: Look): Promise<string[]> {
  if (!(await page.evaluate(() => "look" in window))) await page.evaluate(lookSource);
  return page.evaluate((what) => (window as unknown as { look: Record<Look, () => string[]> }).look[what](), what);
}
type Content = { title: string; headings: string[]; links: string[]; forms: string[]; words: string };
export async function content(page: Page): Promise<Content> {
  await page.evaluate(lookSource);
  return page.evaluate(() => (window as unknown as { look: { content: () => Content } }).look.content());
}
export async function unfold(page: Page, most: number) {
  await page.evaluate(lookSource);
  await page.evaluate((most) => (window as unknown as { look: { unfold: (n: number) => void } }).look.unfold(most), most);
}
export async function ownStyle(page: Page, css: string) {
  if (!(await page.evaluate(() => "look" in window))) await page.evaluate(lookSource);
  await page.evaluate((css) => (window as unknown as { look: { own: (css: string) => void } }).look.own(css), css);
}

/** Refusals that belong to no field: which part of a sign-in was wrong is never told. */
const NO_FIELD = ["field-sign-in"];

/** What is wrong with the page of a refused form (STANDARDS A-091), and the fields that were refused. */
export async function refusal(page: Page): Promise<{ wrong: string[]; fields: string[] }> {
  return page.evaluate((noField) => {
    const wrong: string[] = [];
    if (!document.title.startsWith("Error: ")) wrong.push(`the title is “${document.title}”`);
    const summary = document.querySelector("main")?.firstElementChild;
    if (summary?.id !== "error-summary") return { wrong: [...wrong, "the summary of errors does not come first"], fields: [] };
    if (document.activeElement !== summary) wrong.push(`the focus is on ${document.activeElement?.outerHTML.slice(0, 80)}`);
    if (!summary.querySelector("[role=alert] h2")) wrong.push("the summary is not announced");
    const links = [...summary.querySelectorAll<HTMLAnchorElement>("a")];
    if (links.length === 0) wrong.push("the summary names nothing");
    const fields: string[] = [];
    for (const link of links) {
      const id = link.getAttribute("href")!.slice(1);
      const field = document.getElementById(id);
      if (!field) { wrong.push(`“${link.textContent}” leads to #${id}, which is not there`); continue; }
      if (noField.includes(id)) continue;
      if (!field.matches("input, select, textarea, button")) { wrong.push(`“${link.textContent}” leads to ${field.outerHTML.slice(0, 80)}`); continue; }
      fields.push((field as HTMLInputElement).name || id);
      if (field.matches("button")) continue;
      const error = document.getElementById(`${id}-error`);
      // The line of the summary is what the field says, and before it what the field is called.
      const words = error?.textContent?.replace(/^\s*Error:\s*/, "").trim();
      if (!words || !link.textContent!.endsWith(words)) wrong.push(`#${id} does not say “${link.textContent}”`);
      if (words === link.textContent) wrong.push(`“${words}” does not say which field it is about`);
      const told = [field, field.closest("fieldset")].some((e) => e?.getAttribute("aria-describedby")?.split(" ").includes(`${id}-error`));
      if (!told) wrong.push(`#${id} is not tied to its error`);
      if (!field.matches("[type=radio], [type=checkbox]") && field.getAttribute("aria-invalid") !== "true") wrong.push(`#${id} is not marked as invalid`);
    }
    return { wrong, fields };
  }, NO_FIELD);
}

/** No sideways scrolling at the width the page has now. */
export async function fits(page: Page) {
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect.soft(wide, `${page.url()} is ${wide} px wide in ${room} px`).toBeLessThanOrEqual(room);
}

/** What must hold on every page: no console error, nothing refused by the policy, nothing asked of another origin. */
export function guard(context: BrowserContext, server: Server, wrongs: string[]) {
  context.on("console", (m) => {
    if (m.type() !== "error" && m.type() !== "warning") return;
    // A refused form is an answer, not a fault of the page; Chromium writes a line for each 4xx all the same.
    if (atWork.has(context)) return;
    if (/status of 4\d\d/.test(m.text())) return;
    // A test holds back what the program of the browser would fetch by itself.
    if (m.text().includes("Service Worker registration blocked by Playwright")) return;
    // A certificate of our own is good enough for a page that a test opens, and not for that program.
    if (server.url.startsWith("https:") && m.text().includes("SSL certificate error")) return;
    if (server.wasAway && /ERR_CONNECTION_(REFUSED|RESET)/.test(m.text())) return;
    // A line that cannot be opened while a test keeps the browser away from the net is tried again.
    if (cutOff.has(context) && /WebSocket|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION/.test(m.text())) return;
    wrongs.push(`console: ${m.text()} (${m.location().url})`);
  });
  context.on("weberror", (e) => wrongs.push(`error: ${e.error().message}`));
  context.on("request", (r) => {
    const url = r.url();
    if (!url.startsWith(server.url) && !url.startsWith("data:") && !url.startsWith("blob:") && !url.includes("bbc.co.uk")) {
      wrongs.push(`another origin: ${url}`);
    }
  });
}

/** A browser of somebody's own, guarded. */
export async function newPage(browser: Browser, server: Server, wrongs: string[], options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ baseURL: server.url, ...options });
  guard(context, server, wrongs);
  if (options.javaScriptEnabled === false) scriptless.add(context);
  return context.newPage();
}

/** What somebody chose on /display, as the cookie that keeps it. */
export async function display(page: Page, server: Server, choices: string) {
  const name = server.url.startsWith("https:") ? "__Host-tandem-display" : "tandem-display";
  await page.context().addCookies([{ name, value: choices, url: server.url }]);
}

export const test = base.extend<{ wrongs: string[]; page: Page; noScripts: Page }, { server: Server }>({
  server: [async ({}, use) => {
    const server = await startServer();
    await use(server);
    await stopServer(server);
  }, { scope: "worker" }],
  baseURL: async ({ server }, use) => use(server.url),
  wrongs: async ({}, use) => {
    const wrongs: string[] = [];
    await use(wrongs);
    expect(wrongs, "on every page").toEqual([]);
  },
  page: async ({ browser, server, wrongs, viewport, colorScheme }, use) => {
    const page = await newPage(browser, server, wrongs, { viewport, colorScheme });
    await use(page);
    await page.context().close();
  },
  /** The same with JavaScript off. */
  noScripts: async ({ browser, server, wrongs }, use) => {
    const page = await newPage(browser, server, wrongs, { javaScriptEnabled: false });
    await use(page);
    await page.context().close();
  },
});

export { expect };

/** Signs in with what the demo printed: by card with code and pictures, or by name and password. */
export async function signIn(page: Page, person: Person) {
  await page.goto("/sign-in");
  await signInHere(page, person);
  await expect(page).not.toHaveURL(/sign-in/);
}

/** The same where the sign-in page is open already. */
export async function signInHere(page: Page, person: Person) {
  if (person.code) {
    await page.getByLabel("The code on your card").fill(person.code);
    for (const [i, picture] of person.pictures!.entries()) {
      await page.locator(`input[name=picture${i + 1}][value="${picture}"]`).check();
    }
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  } else {
    await page.getByText("I work for the council").click();
    await page.getByLabel("Your sign-in name").fill(person.sign_in_name!);
    await page.getByLabel("Your password").fill(person.password!);
    await page.getByRole("button", { name: "Sign in with a password" }).click();
  }
}
