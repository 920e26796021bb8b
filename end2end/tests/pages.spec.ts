// Every page there is. The list comes from the program itself: a page that nobody reaches here fails.
import { execFileSync } from "node:child_process";
import { axe, expect, fits, guard, people, signIn, somebody, inGroup, test, type Person } from "./house";

type Door = { method: string; path: string; page: boolean };
const doors: Door[] = process.env.TANDEM_BIN
  ? JSON.parse(execFileSync(process.env.TANDEM_BIN, ["doors", "--json"], { encoding: "utf8" }))
  : [];
const pages = doors.filter((d) => d.page && !(d.path === "/kit"));

/** `/groups/{slug}/people` → a pattern, most exact doors first. */
const patterns = pages
  .map((d) => ({
    path: d.path,
    exact: d.path.split("/").filter((p) => !p.startsWith("{")).length,
    pattern: new RegExp("^" + d.path.replace(/[.]/g, "\\.").replace(/\{\*?[^}]+\}/g, "[^/]+") + "$"),
  }))
  .sort((a, b) => b.exact - a.exact);
const doorOf = (path: string) => patterns.find((p) => p.pattern.test(path))?.path;

/** Pages that no link leads to, and how a person gets there all the same. */
const byHand: Record<string, (who: Person) => string | undefined> = {
  "/card/{code}": () => `/card/${somebody("with a card", (p) => !!p.code).code!.replace(/[^A-Za-z]/g, "")}`,
};

const visitors: [string, () => Person | undefined][] = [
  ["nobody", () => undefined],
  ["a member", () => somebody("a member of an open group", (p) => p.role === "young-person" && inGroup(p, "member", "open"))],
  ["a lead", () => somebody("a lead", (p) => inGroup(p, "lead", "open"))],
  ["a worker", () => somebody("a worker", (p) => inGroup(p, "worker", "open"))],
  ["an administrator", () => somebody("an administrator", (p) => p.role === "administrator")],
];

const themes = ["light", "dark", "contrast", "cream", "blue"];

// One theme for each visitor; in the nightly run every theme for every visitor.
const walks = visitors.flatMap(([name, find], index) =>
  (process.env.TANDEM_FULL ? themes : [themes[index % themes.length]]).map((theme) => ({ name, find, theme })));

test("every page that anybody can reach is accessible, wide and narrow, and none is left out", async ({ browser, server, wrongs }) => {
  test.setTimeout(walks.length * 240_000);
  const reached = new Set<string>();
  for (const { name, find, theme } of walks) {
    await test.step(`${name}, ${theme}`, async () => {
      const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 900 } });
      guard(context, server, wrongs);
      const page = await context.newPage();
      const who = find();
      if (who) await signIn(page, who);
      await context.addCookies([{ name: "tandem-display", value: `theme-${theme}`, url: server.url }]);

      const queue = ["/", "/sign-in", "/display", "/help", ...pages.filter((d) => !d.path.includes("{")).map((d) => d.path)];
      for (const make of Object.values(byHand)) { const path = make(who ?? people[0]); if (path) queue.push(path); }
      const seen = new Set<string>();
      const times = new Map<string, number>();
      while (queue.length > 0) {
        const address = queue.shift()!;
        const [path] = address.split(/[?#]/);
        const door = doorOf(path);
        // Each kind once for axe and up to twelve times for its links; `?` makes another form of the same page.
        const kind = `${door}${address.includes("?") ? "?" : ""}`;
        if (!door || seen.has(address) || (times.get(kind) ?? 0) >= 12) continue;
        seen.add(address);
        const answer = await page.goto(address);
        if (!answer || answer.status() >= 400 || new URL(page.url()).pathname !== path) continue;
        times.set(kind, (times.get(kind) ?? 0) + 1);
        if (times.get(kind) === 1) {
          reached.add(door);
          await expect.soft(page.locator("h1"), address).toHaveCount(1);
          await expect.soft(page, address).toHaveTitle(/.+ – .+/);
          await axe(page, `${name}, ${theme}`);
          await page.setViewportSize({ width: 320, height: 640 });
          await fits(page);
          await page.setViewportSize({ width: 1280, height: 900 });
        }
        const links = await page.locator("a[href^='/']").evaluateAll((all) => all.map((a) => a.getAttribute("href")!));
        queue.push(...links.filter((href) => !href.startsWith("/static") && !href.startsWith("/pkg")));
      }
      await context.close();
    });
  }
  expect(pages.map((d) => d.path).filter((p) => !reached.has(p)), "pages that nobody reached").toEqual([]);
});

test("targets are 44 pixels, but for links inside a sentence", async ({ page }) => {
  await signIn(page, somebody("a member", (p) => p.role === "young-person" && inGroup(p, "member")));
  for (const path of ["/", "/groups", "/display", "/you-said-we-did", "/my-data"]) {
    await page.goto(path);
    const small = await page.locator("button, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), select, textarea, summary, nav a, a.button").evaluateAll((all) =>
      all.filter((e) => (e as HTMLElement).checkVisibility()).map((e) => ({ box: e.getBoundingClientRect(), html: e.outerHTML.slice(0, 100) }))
        .filter(({ box }) => box.width > 0 && (box.height < 43.5 || box.width < 43.5)).map(({ box, html }) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`));
    expect(small, path).toEqual([]);
  }
});

test("the first press of Tab shows the way past the menu", async ({ page }) => {
  for (const path of ["/", "/sign-in", "/help", "/you-said-we-did"]) {
    await page.goto(path);
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to main content" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.locator("main")).toBeFocused();
  }
});

test("help and safety are the same five links in the same order everywhere", async ({ noScripts: page }) => {
  for (const path of ["/", "/sign-in", "/groups", "/nothing-is-here"]) {
    await page.goto(path);
    await expect(page.getByRole("navigation", { name: "Help and safety" }).getByRole("link"))
      .toHaveText(["Help", "Talk to a person", "I do not feel safe", "Accessibility", "Privacy"]);
    await expect(page.getByRole("link", { name: "Leave now" })).toBeVisible();
  }
});
