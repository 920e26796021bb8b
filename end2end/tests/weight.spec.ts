// The aims for what a browser fetches: a first visit stays small, a page without an island sends no WASM, and a page with
// one is useful before any of it arrives.
import { expect, guard, inGroup, signIn, somebody, test } from "./house";
import { weigh, wordsWithoutWasm } from "../weigh.mjs";

const MOST = 250_000;
/** The address of what was fetched, as weigh.mjs tells it: bytes, a space, the address. */
const nameOf = (file: string) => file.split(" ")[1];
const member = () => somebody("a member", (p) => p.role === "young-person" && inGroup(p, "member", "open"));

test("a first visit is at most 250 KB without WASM, and coming back fetches the page alone", async ({ browser, server, wrongs }) => {
  // Paths of a design, of its comments, of the page to write it on and of a result, as a reader finds them.
  const finding = await browser.newContext({ baseURL: server.url });
  const reader = await finding.newPage();
  await signIn(reader, member());
  const session = (await finding.cookies()).filter((c) => c.name === "tandem-session");
  const first = async (from: string, pattern: RegExp) => {
    await reader.goto(from);
    const all = await reader.locator("main a[href^='/']").evaluateAll((links) => links.map((a) => a.getAttribute("href")!));
    const found = all.find((href) => pattern.test(href));
    if (!found) throw new Error(`${from} leads to nothing like ${pattern}: ${all}`);
    return found;
  };
  const workspace = await first("/workspaces", /^\/workspaces\/(?!new)[^/]+$/);
  const ofDesign = /^\/designs\/(?!new)[^/?]+$/;
  const design = await first(workspace, ofDesign);
  const write = await first(design, /^\/designs\/[^/]+\/write$/);
  // The vote on the crossings has closed.
  const decided = await first(await first("/workspaces", /^\/workspaces\/crossings-/), ofDesign);
  const result = await first(await first(decided, /^\/decisions\/[^/?]+$/), /\/result$/);
  await finding.close();

  const pages = ["/", workspace, design, `${design}/comments`, write, result, "/groups", "/you-said-we-did", "/sign-in", "/help"];
  for (const path of pages) {
    const context = await browser.newContext({ baseURL: server.url });
    guard(context, server, wrongs);
    await context.addCookies(session);
    const once = await weigh(context, server.url + path);
    // Nothing was overlooked: a page, its styles and its letters were fetched.
    expect.soft(Math.min(once.html, once.css, once.fonts, once.js), path).toBeGreaterThan(0);
    // What came once does not come again, until nothing comes but the page. Something may come late: the browser asks for an
    // icon, and for what a page needs only after a while, when it likes, and this page was closed before.
    const had = new Set<string>();
    let came = once.files;
    let weight = once.withoutWasm;
    while (came.length > 0) {
      for (const file of came) had.add(nameOf(file));
      const again = await weigh(context, server.url + path);
      const others = again.files.filter((file) => nameOf(file) !== path);
      came = others.filter((file) => !had.has(nameOf(file)));
      weight += again.withoutWasm - again.html;
      expect.soft(others.filter((file) => had.has(nameOf(file))), `${path} again; before: ${[...had].join(", ")}`).toEqual([]);
    }
    await context.close();
    expect.soft(weight, `${path}: ${[...had].join(", ")}`).toBeLessThan(MOST);
    const island = [`${design}/comments`, write].includes(path);
    if (island) expect.soft(once.wasm, path).toBeGreaterThan(0);
    else expect.soft(once.wasm, path).toBe(0);
  }
});

test("a page with an island can be read and written in before any WASM arrives", async ({ browser, server, wrongs }) => {
  const context = await browser.newContext({ baseURL: server.url, serviceWorkers: "block" });
  guard(context, server, wrongs);
  const page = await context.newPage();
  await signIn(page, member());
  await page.goto("/workspaces");
  await page.locator("main a[href^='/workspaces/']:not([href='/workspaces/new'])").first().click();
  await page.locator("main a[href^='/designs/']").first().click();
  const words = await wordsWithoutWasm(context, `${page.url()}/comments`);
  expect(words.asked, "the island asked for its WASM").toBeGreaterThan(0);
  await context.close();
});
