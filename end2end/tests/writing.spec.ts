// Writing together in real browsers: three in one document, two of them live and one without JavaScript; by keyboard alone;
// with the line lost; and with a part kept for oneself. Nothing typed is lost, and nothing moves under anybody's caret.
import type { Browser, BrowserContextOptions, Locator, Page } from "@playwright/test";
import { axe, expect, fits, inGroup, newPage, offline, people, signIn, somebody, test, type Person, type Server } from "./house";

const state = (page: Page) => page.locator("#live-state");
const connected = (page: Page) => expect(state(page)).toHaveText(/You are connected/, { timeout: 30_000 });

type Cast = { slug: string; lead: Person; members: Person[] };

function cast(): Cast {
  const lead = somebody("a lead of an open group", (p) => p.role === "young-person" && inGroup(p, "lead", "open"));
  const slug = lead.groups.find((g) => g.role === "lead" && g.visibility === "open")!.slug;
  const inside = (role: string) => people().filter((p) => p.code && p.groups.some((g) => g.slug === slug && g.role === role));
  return { slug, lead, members: inside("member") };
}

async function as(browser: Browser, server: Server, wrongs: string[], person: Person, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await newPage(browser, server, wrongs, options);
  await signIn(page, person);
  return page;
}

/** A design of the group that is still written, made by its lead with the page's own form; its writing page. */
async function design(page: Page, slug: string, title: string): Promise<string> {
  await page.goto(`/groups/${slug}`);
  const workspaces = await page.getByRole("main").locator("a[href^='/workspaces/']").evaluateAll((all) => [...new Set(all.map((a) => new URL((a as HTMLAnchorElement).href).pathname))]);
  for (const workspace of workspaces.filter((w) => w.split("/").length === 3)) {
    await page.goto(`/designs/new?workspace=${workspace.split("/")[2]}`);
    if (!(await page.locator("input[name=title]").count())) continue;
    await page.locator("input[name=title]").fill(title);
    await page.locator("input[name=start]").first().check();
    await page.locator("form", { has: page.locator("input[name=title]") }).locator("button.main").click();
    if (/\/designs\/[^/]+\/write/.test(page.url())) {
      const path = new URL(page.url()).pathname;
      if (!(await page.locator("[data-section]").count())) throw new Error("a design without parts");
      return path;
    }
  }
  throw new Error("no workspace in which a design can be started");
}

const part = (page: Page, n: number) => page.locator("[data-section]").nth(n);
const box = (page: Page, n: number) => part(page, n).locator("textarea");
/** The word of thanks at the top of a page that a form leads to. */
const thanks = (page: Page) => page.locator(".said[role=status]");
const caret = (it: Locator) => it.evaluate((b: HTMLTextAreaElement) => [document.activeElement === b, b.selectionStart, b.selectionEnd]);

test("two write live and one without JavaScript, and everybody's words are there", async ({ browser, server, wrongs }) => {
  const { slug, lead, members } = cast();
  const sam = await as(browser, server, wrongs, lead);
  const path = await design(sam, slug, "Buses that wait");
  const robin = await as(browser, server, wrongs, members[0]);
  const plain = await as(browser, server, wrongs, members[1] ?? lead, { javaScriptEnabled: false });
  for (const page of [sam, robin, plain]) await page.goto(path);
  await connected(sam);
  await connected(robin);

  // What one writes the other sees, without pressing anything.
  await box(sam, 0).fill("The last bus is at six.");
  await expect(box(robin, 0)).toHaveValue("The last bus is at six.");
  // While Robin's caret stands in the middle of a word, Sam writes before and behind it.
  await box(robin, 0).focus();
  await box(robin, 0).evaluate((b: HTMLTextAreaElement) => b.setSelectionRange(4, 8));
  await box(sam, 0).evaluate((b: HTMLTextAreaElement) => b.setSelectionRange(0, 0));
  await box(sam, 0).pressSequentially("Look: ");
  await expect(box(robin, 0)).toHaveValue("Look: The last bus is at six.");
  expect(await caret(box(robin, 0))).toEqual([true, 10, 14]);
  // Who is here stands in words.
  await expect(sam.locator("#live-people")).toContainText("is writing in");
  // Robin takes back only what Robin wrote.
  await box(robin, 0).evaluate((b: HTMLTextAreaElement) => b.setSelectionRange(b.value.length, b.value.length));
  // There is nothing to undo before somebody has written.
  await expect(part(robin, 0).getByRole("button", { name: /^Undo/ })).toBeHidden();
  await box(robin, 0).pressSequentially(" Too early!");
  await expect(box(sam, 0)).toHaveValue("Look: The last bus is at six. Too early!");
  await robin.keyboard.press("ControlOrMeta+z");
  await expect(box(robin, 0)).toHaveValue("Look: The last bus is at six.");
  await expect(box(sam, 0)).toHaveValue("Look: The last bus is at six.");
  await robin.keyboard.press("ControlOrMeta+y");
  await expect(box(sam, 0)).toHaveValue("Look: The last bus is at six. Too early!");

  // A page from before, without JavaScript, is merged, and says so.
  await box(plain, 0).fill("From the form.");
  await part(plain, 0).getByRole("button", { name: /^Save/ }).first().click();
  await expect(thanks(plain)).toContainText("Somebody else wrote here too");
  for (const page of [sam, robin]) {
    await expect(box(page, 0)).toHaveValue(/From the form\./);
    await expect(box(page, 0)).toHaveValue(/Look: The last bus is at six\. Too early!/);
  }
  // Save works all the same, and changes nothing that is there.
  const words = await box(sam, 0).inputValue();
  await part(sam, 0).getByRole("button", { name: /^Save/ }).first().click();
  await expect(thanks(sam)).toContainText("Saved");
  await expect(box(sam, 0)).toHaveValue(words);
  await connected(sam);
  await axe(sam, "connected");
  await expect(part(robin, 0)).toMatchAriaSnapshot(`
    - region /.+/:
      - heading [level=2]
      - textbox /^Words for/
      - paragraph:
        - button /^Save/
        - button /^Undo my last change/
        - button /^Do it again/
      - group: /^Change this part/
  `);
});

test("by keyboard alone, with what was typed before the program came", async ({ browser, server, wrongs }) => {
  const { slug, lead } = cast();
  const sam = await as(browser, server, wrongs, lead, { serviceWorkers: "block" });
  const path = await design(sam, slug, "By keyboard");
  // The program is held back; somebody types at once.
  let go: () => void = () => {};
  const held = new Promise<void>((done) => { go = done; });
  await sam.route(/\.wasm/, async (route) => { await held; await route.continue(); });
  await sam.goto(path);
  await box(sam, 1).focus();
  await sam.keyboard.type("Typed before it came.");
  go();
  await connected(sam);
  expect(await caret(box(sam, 1))).toEqual([true, 21, 21]);
  await sam.keyboard.type(" And after.");
  await sam.keyboard.press("Tab");
  await expect(part(sam, 1).getByRole("button", { name: /^Save/ }).first()).toBeFocused();
  await sam.keyboard.press("Enter");
  await expect(thanks(sam)).toContainText("Saved");
  await expect(box(sam, 1)).toHaveValue("Typed before it came. And after.");
});

test("the line is lost: the words stay, are counted, survive closing the page, and go when it is back", async ({ browser, server, wrongs }) => {
  const { slug, lead, members } = cast();
  const sam = await as(browser, server, wrongs, lead);
  const path = await design(sam, slug, "No signal");
  const robin = await as(browser, server, wrongs, members[0]);
  for (const page of [sam, robin]) await page.goto(path);
  await connected(sam);
  await connected(robin);
  await box(sam, 0).fill("Before.");
  await expect(box(robin, 0)).toHaveValue("Before.");
  await offline(sam, true);
  // A socket that is open is not cut by the browser's switch: the page's own is closed as a lost line is.
  await sam.evaluate(() => dispatchEvent(new Event("offline")));
  await expect(state(sam)).toHaveText(/The line is lost/, { timeout: 30_000 });
  await box(sam, 0).press("End");
  await box(sam, 0).pressSequentially(" On the bus.");
  await expect(sam.locator("#live-unsent")).toHaveText(/changes are not sent yet/);
  await box(robin, 0).press("Home");
  await box(robin, 0).pressSequentially("Meanwhile. ");
  // Save says what is wrong, and keeps the page.
  await part(sam, 0).getByRole("button", { name: /^Save/ }).first().click();
  await expect(box(sam, 0)).toHaveValue("Before. On the bus.");
  await axe(sam, "offline");
  // The browser is closed and opened, with a line again: what was not sent goes.
  await offline(sam, false);
  await sam.goto("about:blank");
  await sam.goto(path);
  await connected(sam);
  for (const page of [sam, robin]) await expect(box(page, 0)).toHaveValue("Meanwhile. Before. On the bus.");
  // Signing out leaves nothing of it on the device.
  await sam.getByRole("button", { name: "Sign out" }).first().click();
  expect(await sam.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith("unsent ")))).toEqual([]);
});

test("words that wait on this device are told at home, can be read there, and are taken off it", async ({ browser, server, wrongs }) => {
  const { slug, lead } = cast();
  const sam = await as(browser, server, wrongs, lead, { viewport: { width: 320, height: 700 } });
  const path = await design(sam, slug, "Left on the bus");
  await sam.goto(path);
  const section = await sam.locator("[data-section]").first().getAttribute("data-section");
  const id = new URL(sam.url()).pathname.split("/")[2];
  await sam.goto(server.url);
  const told = sam.locator("#unsent");
  await expect(told).toBeHidden();
  // As a page leaves them there that was closed without a line (`frontend/src/writing/unsent.rs`); and somebody else's.
  await sam.evaluate(([design, section]) => {
    const mine = document.getElementById("unsent")!.dataset.owners!.split(" ")[0];
    for (const [owner, n] of [[mine, 1], [mine, 2], ["0".repeat(32), 3]]) {
      localStorage.setItem(`unsent ${design} ${owner} 0000000${n}`, `\n${section} a 1  ${encodeURIComponent(`Words ${n}: à la bus.`)}`);
    }
  }, [id, section] as const);
  await sam.reload();
  await expect(told).toBeVisible();
  await expect(told.getByRole("link")).toHaveText(["Send them now (1)", "Send them now (2)"]);
  for (const one of await told.getByText("Read them here").all()) await one.click();
  await expect(told.locator(".own-words")).toHaveText(["Words 1: à la bus.", "Words 2: à la bus."]);
  await axe(sam, "words that wait, at home");
  await fits(sam);
  await told.getByRole("button", { name: "Take them off this device" }).first().click();
  await expect(told.locator(".own-words")).toHaveText(["Words 2: à la bus."]);
  await told.getByRole("link").click();
  await expect(sam).toHaveURL(new URL(path, server.url).href);
  await connected(sam);
  await expect.poll(() => sam.evaluate(() => [...document.querySelectorAll("textarea")].some((t) => t.value.includes("Words 2")))).toBe(true);
  // Somebody else's words went when this page came.
  expect(await sam.evaluate(() => Object.keys(localStorage).filter((k) => k.includes("0".repeat(32))))).toEqual([]);
});

for (const javaScriptEnabled of [false, true]) {
  test(`words are looked at before they are saved, ${javaScriptEnabled ? "and again while somebody goes on" : "without JavaScript"}`, async ({ browser, server, wrongs }) => {
    const { slug, lead } = cast();
    const sam = await as(browser, server, wrongs, lead, { viewport: { width: 320, height: 700 }, javaScriptEnabled });
    const path = await design(sam, slug, javaScriptEnabled ? "Looks" : "Plain looks");
    await sam.goto(path);
    if (javaScriptEnabled) await connected(sam);
    const look = part(sam, 0).getByRole("region", { name: /^How it looks/ });
    await expect(look).toHaveCount(0);
    await box(sam, 0).fill("A **later** bus.\n\n- for football\n- for work");
    await part(sam, 0).getByRole("button", { name: /^Show how it looks/ }).click();
    await expect(look.locator("strong")).toHaveText("later");
    await expect(look.getByRole("listitem")).toHaveText(["for football", "for work"]);
    await expect(box(sam, 0)).toHaveValue("A **later** bus.\n\n- for football\n- for work");
    await axe(sam, "looked at");
    await fits(sam);
    if (javaScriptEnabled) {
      await expect(look).toBeFocused();
      await box(sam, 0).fill("A *warm* seat.");
      await expect(look.locator("em")).toHaveText("warm");
      await connected(sam);
    }
    // Without JavaScript nothing is saved by looking: saving is another button.
    await part(sam, 0).getByRole("button", { name: /^Save/ }).first().click();
    await expect(thanks(sam)).toContainText("Saved");
    await expect(look).toHaveCount(0);
  });
}

test("calm holds back what others write, and a part can be kept for oneself", async ({ browser, server, wrongs }) => {
  const { slug, lead, members } = cast();
  const sam = await as(browser, server, wrongs, lead, { viewport: { width: 320, height: 700 } });
  const path = await design(sam, slug, "In peace");
  const robin = await as(browser, server, wrongs, members[0]);
  const plain = await as(browser, server, wrongs, members[1] ?? lead, { javaScriptEnabled: false });
  for (const page of [sam, robin, plain]) await page.goto(path);
  await connected(sam);
  await connected(robin);
  await sam.getByLabel(/^Calm/).check();
  await box(robin, 0).fill("Loud.");
  await expect(sam.locator("#live-waiting-words")).toHaveText(/waiting/);
  await expect(box(sam, 0)).toHaveValue("");
  await fits(sam);
  await axe(sam, "calm");
  await sam.getByRole("button", { name: "Show it now" }).click();
  await expect(box(sam, 0)).toHaveValue("Loud.");
  await sam.getByLabel(/^Calm/).uncheck();

  // Robin keeps the part; Sam's box can be read and not changed, and a form is refused with its words kept.
  await part(robin, 0).locator("summary").click();
  await part(robin, 0).getByRole("button", { name: /^Keep this part for me/ }).click();
  await expect(part(robin, 0).getByText(/This part is yours for 5 more minutes/)).toBeVisible();
  await expect(part(sam, 0).getByText(/has this part for 5 more minutes/)).toBeVisible();
  await expect(box(sam, 0)).not.toBeEditable();
  await axe(sam, "locked");
  await fits(sam);
  await box(plain, 0).fill("From the form.");
  await part(plain, 0).getByRole("button", { name: /^Save/ }).first().click();
  await expect(plain.locator("#error-summary")).toContainText("Somebody has this part");
  await expect(box(plain, 0)).toHaveValue("From the form.");
  // Robin lets go of it, and it can be changed by everybody again.
  await part(robin, 0).getByRole("button", { name: /^Let others write here again/ }).click();
  await expect(box(sam, 0)).toBeEditable();
});

/** A page whose socket a test holds in its hand: it can be refused, and it can fall silent. */
async function held(page: Page) {
  const line = { refused: false, silent: false, opened: 0 };
  await page.routeWebSocket(/\/write\/live/, (ws) => {
    line.opened += 1;
    if (line.refused) { void ws.close(); return; }
    const server = ws.connectToServer();
    ws.onMessage((message) => { if (!line.silent) server.send(message); });
    server.onMessage((message) => { if (!line.silent) ws.send(message); });
  });
  return line;
}

test("a line that says nothing any more is given up, and what was typed meanwhile is there once", async ({ browser, server, wrongs }) => {
  const { slug, lead, members } = cast();
  const sam = await as(browser, server, wrongs, lead);
  const path = await design(sam, slug, "Out of reach");
  const robin = await as(browser, server, wrongs, members[0]);
  await sam.clock.install();
  const line = await held(sam);
  for (const page of [sam, robin]) await page.goto(path);
  await connected(sam);
  await connected(robin);
  await box(sam, 0).fill("Here.");
  await expect(box(robin, 0)).toHaveValue("Here.");
  line.silent = true;
  await box(sam, 0).press("End");
  await box(sam, 0).pressSequentially(" Gone.");
  await sam.clock.fastForward(61_000);
  await expect(state(sam)).toHaveText(/The line is lost/);
  line.silent = false;
  await connected(sam);
  for (const page of [sam, robin]) await expect(box(page, 0)).toHaveValue("Here. Gone.");
  expect(line.opened).toBeGreaterThan(1);
});

test("words that a form was refused with, or that never arrived, are not lost", async ({ browser, server, wrongs }) => {
  const { slug, lead, members } = cast();
  const sam = await as(browser, server, wrongs, lead);
  const path = await design(sam, slug, "No way through");
  const robin = await as(browser, server, wrongs, members[0]);
  const line = await held(sam);
  line.refused = true;
  for (const page of [sam, robin]) await page.goto(path);
  await connected(robin);
  await expect(state(sam)).toHaveText(/The line is lost/);
  // Robin has the part: the form is refused. With a line again, what stands in the box stays, and goes in when it can.
  await part(robin, 0).locator("summary").click();
  await part(robin, 0).getByRole("button", { name: /^Keep this part for me/ }).click();
  await expect(part(robin, 0).getByText(/This part is yours/)).toBeVisible();
  await box(sam, 0).fill("Sam was here.");
  line.refused = false;
  await part(sam, 0).getByRole("button", { name: /^Save/ }).first().click();
  await expect(sam.locator("#error-summary")).toContainText("Somebody has this part");
  await connected(sam);
  await expect(box(sam, 0)).toHaveValue("Sam was here.");
  await part(robin, 0).getByRole("button", { name: /^Let others write here again/ }).click();
  await expect(box(robin, 0)).toHaveValue("Sam was here.");
  await expect(box(sam, 0)).toHaveValue("Sam was here.");

  // A form that came to nothing: the words are in their box when the page is opened again, and Save brings them in once.
  line.refused = true;
  await sam.goto(path);
  await expect(state(sam)).toHaveText(/The line is lost/);
  await box(sam, 1).fill("Sent into nowhere.");
  await sam.route(path, (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  await part(sam, 1).getByRole("button", { name: /^Save/ }).first().click();
  await expect.poll(() => sam.url()).toMatch(/chrome-error/);
  await sam.unroute(path);
  line.refused = false;
  await sam.goto(path);
  await connected(sam);
  await expect(box(sam, 1)).toHaveValue("Sent into nowhere.");
  await expect(part(sam, 1).getByText("These words are not saved yet")).toBeVisible();
  await part(sam, 1).getByRole("button", { name: /^Save/ }).first().click();
  await expect(thanks(sam)).toContainText("Saved");
  await expect(box(sam, 1)).toHaveValue("Sent into nowhere.");
  await expect(box(robin, 1)).toHaveValue("Sent into nowhere.");
  await expect(part(sam, 1).getByText("These words are not saved yet")).toBeHidden();
});
