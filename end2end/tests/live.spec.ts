// Live news in real browsers: what is new appears by itself, one stream for all tabs, and nothing moves under anybody's eyes.
import type { Browser, BrowserContext, Locator, Page, Request } from "@playwright/test";
import { axe, expect, guard, inGroup, main, newPage, people, signIn, somebody, test, type Person, type Server } from "./house";
import { daysLater, freePort, startServer, stopServer } from "./server";

const polite = (page: Page) => page.locator("#polite");

type Cast = { slug: string; workers: Person[]; lead: Person; members: Person[] };

/** The open group whose words show at once, and its people. */
function cast(): Cast {
  const group = somebody("a lead of an open group", (p) => p.role === "young-person" && inGroup(p, "lead", "open"))
    .groups.find((g) => g.role === "lead" && g.visibility === "open")!;
  const inside = (role: string) => people().filter((p) => p.groups.some((g) => g.slug === group.slug && g.role === role));
  return { slug: group.slug, workers: inside("worker"), lead: inside("lead")[0], members: inside("member").filter((p) => p.code) };
}

async function as(browser: Browser, server: Server, wrongs: string[], person?: Person): Promise<Page> {
  const page = await newPage(browser, server, wrongs);
  if (person) await signIn(page, person);
  return page;
}

const links = async (page: Page, start: string) => [...new Set(await main(page).locator(`a[href^='${start}']`)
  .evaluateAll((all) => all.map((a) => new URL((a as HTMLAnchorElement).href).pathname)))];

/** Designs of the group that can be talked about, by the members' own way there. */
async function designs(page: Page, slug: string, most: number): Promise<string[]> {
  const found: string[] = [];
  await page.goto(`/groups/${slug}`);
  for (const workspace of await links(page, "/workspaces/")) {
    if (workspace.split("/").length !== 3) continue;
    await page.goto(workspace);
    for (const design of (await links(page, "/designs/")).filter((d) => d.split("/").length === 3)) {
      await page.goto(`${design}/comments`);
      if (await page.locator("input[name=act][value=comment]").count()) found.push(design);
      if (found.length === most) return found;
    }
  }
  throw new Error(`only ${found.length} designs can be talked about`);
}

/** Says something with the page's own form; `part`: the nth part of the design. */
async function say(page: Page, design: string, words: string, part = 0) {
  await page.goto(`${design}/comments`);
  const form = page.locator("form", { has: page.locator("input[name=act][value=comment]") });
  const choice = form.locator("input[name=section]");
  if (await choice.count()) await choice.nth(part).check();
  else await form.locator("select[name=section]").selectOption({ index: part + 1 });
  await form.locator("input[name=kind][value=idea]").check();
  await form.locator("textarea[name=words]").fill(words);
  await form.getByRole("button", { name: "Send my comment" }).click();
  await expect(page.locator("article", { hasText: words })).toBeVisible();
}

/** What somebody is in the middle of: a box, its words, the caret in it, and where it stands on the screen. */
const middle = (box: Locator) => box.evaluate((b: HTMLTextAreaElement) => ({
  focus: document.activeElement === b, value: b.value, caret: [b.selectionStart, b.selectionEnd, b.selectionDirection],
  same: (window as unknown as { same?: boolean }).same, top: b.getBoundingClientRect().top,
}));
/** Nothing of that has changed. A browser keeps the place to the nearest pixel. */
async function unmoved(box: Locator, before: Awaited<ReturnType<typeof middle>>) {
  const now = await middle(box);
  expect(Math.abs(now.top - before.top), "pixels it moved").toBeLessThanOrEqual(2);
  expect({ ...now, top: 0 }).toEqual({ ...before, top: 0 });
}

/** Resolves once a page listens: its browser has an open stream. */
async function listening(page: Page) {
  await page.waitForResponse((r) => r.url().includes("/live?") && r.status() === 200);
}

test("a new comment appears in another person's open page, and nothing there moves", async ({ browser, server, wrongs }) => {
  const { slug, lead, members } = cast();
  const [reader, writer] = [await as(browser, server, wrongs, members[0]), await as(browser, server, wrongs, lead)];
  const [design] = await designs(writer, slug, 1);
  // Enough to scroll through.
  for (let n = 0; n < 6; n++) await say(writer, design, `Something to read, number ${n}. `.repeat(8), n % 2);
  const open = listening(reader);
  await reader.goto(`${design}/comments`);
  await open;
  await reader.evaluate(() => ((window as unknown as { same: boolean }).same = true));

  // Somebody is in the middle of a word, half-way down the page.
  const box = reader.locator("#field-words");
  await box.fill("Half a thought");
  await box.evaluate((b: HTMLTextAreaElement) => { b.focus(); b.setSelectionRange(4, 6, "backward"); });
  await box.scrollIntoViewIfNeeded();
  const before = await middle(box);
  expect(before).toMatchObject({ focus: true, caret: [4, 6, "backward"], same: true });
  const words = "This is new, and it came by itself";
  await say(writer, design, words);
  const article = reader.locator("article", { hasText: words });
  await expect(article).toBeAttached();
  await expect(polite(reader)).toHaveText("1 new comment");
  expect(await polite(reader).getAttribute("aria-live")).toBe("polite");
  await unmoved(box, before);
  await expect(article).toHaveCount(1);

  // An answer to it belongs below it, also for whoever has only just seen it.
  const item = reader.locator("li[id^=comment-]", { has: article }).last();
  const id = (await item.getAttribute("id"))!;
  const answer = writer.locator(`#${id} details.answer`);
  await answer.locator("summary").click();
  await answer.locator("textarea").fill("And this answers it");
  await answer.getByRole("button", { name: "Send my answer" }).click();
  await expect(reader.locator(`#${id} .replies article`, { hasText: "And this answers it" })).toBeAttached();
  await unmoved(box, before);

  // Words that change, change where they stand.
  await writer.goto(`${design}/comments`);
  await writer.locator(`#${id} > article`).getByRole("link", { name: /^Change or take away/ }).click();
  await main(writer).locator("textarea").fill("It says something else now");
  await writer.getByRole("button", { name: "Save my words" }).click();
  await expect(reader.locator(`#${id} > article`)).toContainText("It says something else now");
  await unmoved(box, before);
  await axe(reader, "with news");
  // What came by itself is as good as what was there: its form works.
  await reader.locator(`#${id} > details.answer > summary`).click();
  await reader.locator(`#${id} > details.answer textarea`).fill("I can answer it");
  await reader.locator(`#${id} > details.answer`).getByRole("button", { name: "Send my answer" }).click();
  await expect(reader.locator(`#${id} .replies`)).toContainText("I can answer it");
});

test("what a worker takes away goes from open pages too, and what has the focus waits", async ({ browser, server, wrongs }) => {
  const { slug, lead, members, workers } = cast();
  const [reader, writer, worker] = await Promise.all([members[0], lead, workers[0]].map((p) => as(browser, server, wrongs, p)));
  const [design] = await designs(writer, slug, 1);
  await say(writer, design, "Words that are taken away");
  const id = await writer.locator("li[id^=comment-]", { hasText: "Words that are taken away" }).last().getAttribute("id");
  const open = listening(reader);
  await reader.goto(`${design}/comments`);
  await open;
  const open2 = listening(writer);
  await writer.reload();
  await open2;
  // The author's keyboard is on the link of these very words.
  const link = writer.locator(`#${id} > article`).getByRole("link", { name: /^Change or take away/ });
  await link.focus();
  await worker.goto(`/comments/${id!.replace("comment-", "")}/check`);
  await worker.locator("[name=reason]").fill("Say it kindly.");
  await worker.getByRole("button", { name: "Take the words away" }).click();
  await expect(reader.locator(`#${id}`)).toContainText("Somebody who checks took this away.");
  await axe(worker, "after words were taken away");
  await expect(reader.locator(`#${id}`)).not.toContainText("Words that are taken away");
  await expect(writer.locator(`#${id} > article`)).toHaveAttribute("data-waits", "");
  await expect(link).toBeFocused();
  await writer.keyboard.press("Tab");
  await expect(writer.locator(`#${id}`)).toContainText("Why: Say it kindly.");
});

/** How many streams the program has open: its own number, not the browser's. */
async function streams(metrics: string): Promise<number> {
  const text = await fetch(metrics).then((r) => r.text());
  return Number(text.match(/^tandem_open_streams (\d+)/m)?.[1] ?? 0);
}

/** Makes a tab hidden or seen, as its browser would when another is put in front of it: a browser without windows shows
 * every tab, and has no way to hide one. */
async function seen(page: Page, yes: boolean) {
  await page.evaluate((yes) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (yes ? "visible" : "hidden") });
    Object.defineProperty(document, "hidden", { configurable: true, get: () => !yes });
    document.dispatchEvent(new Event("visibilitychange"));
  }, yes);
}

/** The tab whose request the one stream is. */
function leader(open: Set<Request>): Page {
  expect(open.size, "one stream").toBe(1);
  return [...open][0].frame().page();
}

/** The streams that the tabs of a browser have open. */
function watch(context: BrowserContext): Set<Request> {
  const open = new Set<Request>();
  context.on("request", (r) => { if (r.url().includes("/live?")) open.add(r); });
  for (const end of ["requestfinished", "requestfailed"] as const) context.on(end, (r: Request) => { open.delete(r); });
  // Of a tab that is closed nothing more is told.
  context.on("page", (page) => page.on("close", () => {
    for (const r of open) if (r.frame().page() === page) open.delete(r);
  }));
  return open;
}

test("eight tabs share one stream, hand it on, and let it go when nobody looks", async ({ browser, wrongs }) => {
  test.setTimeout(180_000);
  const port = await freePort();
  const server = await startServer({ TANDEM_METRICS_ADDR: `127.0.0.1:${port}` });
  const metrics = `http://127.0.0.1:${port}/metrics`;
  try {
    const { slug, lead, members } = cast();
    const writer = await as(browser, server, wrongs, lead);
    const [one, two, three] = await designs(writer, slug, 3);
    await writer.context().close();
    await expect.poll(() => streams(metrics)).toBe(0);

    const context = await browser.newContext({ baseURL: server.url });
    guard(context, server, wrongs);
    const open = watch(context);
    const first = await context.newPage();
    await signIn(first, members[0]);
    const tabs: Page[] = [];
    const most: number[] = [];
    for (const design of [one, one, one, two, two, two, three, three]) {
      const tab = await context.newPage();
      await tab.goto(`${design}/comments`);
      tabs.push(tab);
      most.push(await streams(metrics));
    }
    await first.close();
    expect(Math.max(...most), "never more than one, and one that hands over").toBeLessThanOrEqual(2);
    await expect.poll(() => [...open].map((r) => new URL(r.url()).searchParams.getAll("design").length)).toEqual([3]);
    await expect.poll(() => streams(metrics)).toBe(1);

    // Everybody hears by it.
    const other = await as(browser, server, wrongs, lead);
    const there = async (words: string, where: Page[], design: string) => {
      await say(other, design, words);
      for (const tab of where) await expect(tab.locator("article", { hasText: words })).toBeAttached();
    };
    await there("Heard in three tabs", tabs.slice(0, 3), one);
    await there("Heard in two tabs", tabs.slice(6), three);
    // The other browser has one of its own.
    await other.goto("/");
    await expect.poll(() => streams(metrics)).toBe(1);

    // The tab that listens for all is closed: another takes over.
    const gone = leader(open);
    await gone.close();
    const rest = tabs.filter((t) => t !== gone);
    await expect.poll(() => open.size).toBe(1);
    await expect.poll(() => streams(metrics)).toBe(1);
    expect(leader(open)).not.toBe(gone);
    await there("Heard after the hand-over", rest.filter((t) => t.url().includes(two)), two);

    // It is hidden: another again. All are hidden: nobody listens.
    await other.goto("/");
    const away = leader(open);
    await seen(away, false);
    await expect.poll(() => open.size === 1 && leader(open) !== away).toBe(true);
    for (const tab of rest.filter((t) => t !== away)) await seen(tab, false);
    await expect.poll(() => open.size).toBe(0);
    await expect.poll(() => streams(metrics)).toBe(0);
    const last = rest.find((t) => t.url().includes(one))!;
    await say(other, one, "Said while nobody looked");
    await other.goto("/");
    await expect(last.locator("article", { hasText: "Said while nobody looked" })).toHaveCount(0);
    // One is looked at again, and has what it missed.
    await seen(last, true);
    await expect(last.locator("article", { hasText: "Said while nobody looked" })).toBeAttached();
    await expect.poll(() => streams(metrics)).toBe(1);
    await context.close();
    await expect.poll(() => streams(metrics)).toBe(0);
    await other.context().close();
  } finally {
    await stopServer(server);
  }
});

for (const how of ["with its WASM blocked", "with JavaScript off"] as const) {
  test(`${how} the page is the same page, and a plain link shows what is new`, async ({ browser, server, wrongs }) => {
    const { slug, lead, members } = cast();
    const writer = await as(browser, server, wrongs, lead);
    const [design] = await designs(writer, slug, 1);
    // The blocked file is an error in the console: this browser has no guard.
    const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: how !== "with JavaScript off", serviceWorkers: "block" });
    await context.route(/\.wasm/, (route) => route.abort());
    const reader = await context.newPage();
    await signIn(reader, members[0]);
    await reader.goto(`${design}/comments`);
    await say(writer, design, `Said ${how}`);
    await expect(reader.locator("article", { hasText: `Said ${how}` })).toHaveCount(0);
    await reader.getByRole("link", { name: "Look for new comments" }).click();
    await expect(reader.locator("article", { hasText: `Said ${how}` })).toBeVisible();
    await say(reader, design, `And answered ${how}`);
    await context.close();
  });
}

/** A show of hands of the group, about nothing but its question; gives its address. */
async function vote(worker: Page, slug: string, question: string): Promise<string> {
  await worker.goto(`/groups/${slug}`);
  const [workspace] = (await links(worker, "/workspaces/")).filter((w) => w.split("/").length === 3 && !w.endsWith("/new"));
  await worker.goto(`/decisions/new?workspace=${workspace.split("/").pop()}`);
  await worker.locator("[name=question]").fill(question);
  await worker.getByRole("button", { name: "Start it" }).click();
  await expect(main(worker)).toContainText("The show of hands is set up");
  return new URL(worker.url()).pathname;
}

async function raise(page: Page, at: string, hand: string, reason: string) {
  await page.goto(at);
  await page.locator(`input[name=hand][value=${hand}]`).check();
  await page.locator("[name=reason]").fill(reason);
  await page.getByRole("button", { name: /my answer$/ }).click();
  await expect(main(page)).toContainText("Your answer is in");
}

test("hands, and a vote that is stopped, appear by themselves", async ({ browser, server, wrongs }) => {
  test.setTimeout(120_000);
  const { slug, lead, members, workers } = cast();
  const [worker, second, reader, writer, outside] =
    await Promise.all([workers[0], workers[1], members[0], lead, undefined].map((p) => as(browser, server, wrongs, p)));
  const at = await vote(worker, slug, "Shall we meet on Fridays?");
  for (const page of [reader, outside, worker]) {
    const open = listening(page);
    await page.goto(at);
    await open;
  }
  const box = reader.locator("[name=reason]");
  await reader.locator("input[name=hand][value=not-ok]").check();
  await box.fill("Only if it is after");
  await box.evaluate((b: HTMLTextAreaElement) => b.setSelectionRange(5, 5));
  const before = await middle(box);
  await raise(writer, at, "ok", "Fridays are free");
  await expect(reader.locator("#decision-hands")).toContainText("Fridays are free");
  await expect(polite(reader)).toHaveText("The answers have changed.");
  await unmoved(box, before);
  await expect(worker.locator("#decision-hands")).toContainText("Fridays are free");

  // A worker's keyboard is on a link in the list: it stays until the keyboard has gone on.
  const link = worker.getByRole("link", { name: /^Take away what/ });
  await link.focus();
  await raise(writer, at, "not-sure", "Fridays are not free");
  await expect(reader.locator("#decision-hands")).toContainText("Fridays are not free");
  await expect(worker.locator("#decision-hands")).toHaveAttribute("data-waits", "");
  await expect(link).toBeFocused();
  await expect(worker.locator("#decision-hands")).toContainText("Fridays are free");
  await worker.keyboard.press("Tab");
  await expect(worker.locator("#decision-hands")).toContainText("Fridays are not free");

  // It is stopped: everybody is told, and the half-written answer stays.
  await second.goto(`${at}/void`);
  await second.locator("[name=reason]").fill("The wrong day");
  await second.getByRole("button", { name: "Ask to stop it" }).click();
  await expect(second.getByText("You asked to stop this show of hands.")).toBeVisible();
  await axe(second, "after it was asked to stop a vote");
  const third = await as(browser, server, wrongs, workers[0]);
  await third.goto(`${at}/void`);
  await third.getByRole("button", { name: "Yes, stop it" }).click();
  await expect(third.getByRole("main").getByText("This show of hands was stopped.")).toBeVisible();
  await axe(third, "after a second person stopped a vote");
  for (const page of [reader, outside]) {
    await expect(page.locator("#decision-state")).toContainText("This show of hands was stopped.");
    await expect(polite(page)).toHaveText("It was stopped. It does not count.");
  }
  await unmoved(box, before);
  await axe(reader, "after a vote was stopped");
  await expect(outside.locator("#decision-hands"), "outside the group nobody sees hands").toHaveCount(0);
});

test("the clock opens and closes a vote in pages that are open", async ({ browser, wrongs }) => {
  test.setTimeout(180_000);
  const server = await startServer();
  try {
    const { slug, workers } = cast();
    const worker = await as(browser, server, wrongs, workers[0]);
    const at = await vote(worker, slug, "Shall we meet on Mondays?");
    // The program is away while it starts anew with another clock: those are no faults of the page.
    // Two browsers, for the tabs of one tell each other what they hear.
    const [live, still] = await Promise.all([0, 1].map(async () => (await browser.newContext({ baseURL: server.url })).newPage()));
    const open = listening(live);
    await live.goto(at);
    await open;
    // This one hears nothing: it has only its own clock, and looks when that says so.
    await still.route(/\/live\?/, (route) => route.abort());
    await still.clock.install();
    const looked = still.waitForResponse((r) => r.url().includes("/news?") && r.ok());
    await still.goto(at);
    // It looks once when its WASM has come, and learns when to look next.
    await looked;
    for (const page of [live, still]) {
      await expect(page.locator("#decision-state")).toContainText("Open now");
      await page.evaluate(() => ((window as unknown as { same: boolean }).same = true));
    }
    await daysLater(server, 9);
    // A line that was lost and is there again: whoever listens looks for what was said meanwhile.
    await expect(live.locator("#decision-state")).toContainText("Closed", { timeout: 90_000 });
    await expect(polite(live)).toHaveText("It is closed now. You can see the result.");
    await expect(still.locator("#decision-state")).toContainText("Open now");
    await still.clock.fastForward(9 * 24 * 3600 * 1000);
    await expect(still.locator("#decision-state")).toContainText("Closed");
    for (const page of [live, still]) {
      expect(await page.evaluate(() => (window as unknown as { same?: boolean }).same), "nothing was loaded anew").toBe(true);
      await page.locator("#decision-state").getByRole("link", { name: "See the result" }).click();
      await expect(page).toHaveURL(/\/result$/);
      await page.context().close();
    }
  } finally {
    await stopServer(server);
  }
});
