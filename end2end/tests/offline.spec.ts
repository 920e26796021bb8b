// Without a line: the help page and a page that says what to do come up for everybody; designs that somebody asked to keep can be
// read and written, and what was written arrives when the line is back. What is kept goes with whoever it belongs to.
import type { Browser, Page } from "@playwright/test";
import { axe, expect, good, inGroup, main, newPage, people, signIn, somebody, startServer, stopServer, test, type Person } from "./house";
import { cut, mend } from "./server";

/** The shelves of one person, and what is on them. */
const shelf = (page: Page) => page.evaluate(async () => {
  const all: string[] = [];
  for (const name of (await caches.keys()).filter((name) => name.startsWith("kept "))) {
    for (const { url } of await (await caches.open(name)).keys()) all.push(new URL(url).pathname);
  }
  return all.sort();
});
/** The program of the browser is there and sees what this page asks for. */
async function controlled(page: Page) {
  await page.waitForFunction(async () => { await navigator.serviceWorker.ready; return navigator.serviceWorker.controller !== null; });
}

/** A member of a group that is known to its members only, and a design of it that is being written. */
function cast(): { member: Person; slug: string } {
  const member = somebody("a member of a group for members", (p) => Boolean(p.code) && inGroup(p, "member", "members"));
  return { member, slug: member.groups.find((g) => g.role === "member" && g.visibility === "members")!.slug };
}

/** The member signed in, in a browser whose program is there. */
async function begin(browser: Browser, wrongs: string[]) {
  const server = await startServer();
  const { member, slug } = cast();
  const page = await newPage(browser, server, wrongs, { viewport: { width: 1280, height: 900 } });
  await signIn(page, member);
  await controlled(page);
  return { server, member, slug, page };
}

async function drafting(page: Page, slug: string): Promise<string> {
  await page.goto(`/groups/${slug}`);
  const hrefs = (selector: string) => main(page).locator(selector).evaluateAll((all) => [...new Set(all.map((a) => new URL((a as HTMLAnchorElement).href).pathname))]);
  for (const workspace of (await hrefs("a[href^='/workspaces/']")).filter((w) => w.split("/").length === 3)) {
    await page.goto(workspace);
    for (const design of (await hrefs("a[href^='/designs/']")).filter((d) => /^\/designs\/[0-9a-f-]{36}$/.test(d))) {
      await page.goto(design);
      if (await main(page).getByRole("link", { name: "Write", exact: true }).count()) return design;
    }
  }
  throw new Error("no design that is being written");
}

test("a design that was asked to be kept is read and written without a line, and arrives", async ({ browser, wrongs }) => {
  test.setTimeout(240_000);
  const { server, member, slug, page } = await begin(browser, wrongs);
  const design = await drafting(page, slug);
  expect(await shelf(page), "nothing is kept before somebody asks").toEqual([]);

  await page.goto(`${design}/write`);
  await main(page).getByRole("link", { name: "Read and write without internet" }).click();
  await main(page).getByRole("button", { name: "Keep designs on this device" }).click();
  await expect(page.getByRole("status").first()).toContainText("From now on the designs you open are kept on this device");
  await good(page, true);
  await page.goto(design);
  const title = await main(page).getByRole("heading", { level: 1 }).textContent();
  await expect.poll(() => shelf(page)).toEqual([design, `${design}/write`, "/seen"].sort());
  // What must not be kept is not.
  for (const path of ["/", "/my-data", "/not-safe", "/actions", "/you-said-we-did", `${design}/comments`]) await page.goto(path);
  expect(await shelf(page)).toEqual([design, `${design}/write`, "/seen"].sort());

  await cut(server);
  await page.goto("/groups");
  await expect(main(page).getByRole("heading", { level: 1 })).toHaveText("You have no internet");
  await expect(main(page).getByRole("link", { name: title!.trim(), exact: true })).toBeVisible();
  await axe(page, "without a line");
  await main(page).getByRole("link", { name: "Read the help page" }).click();
  await expect(page).toHaveURL(/\/help$/);
  await expect(main(page).getByRole("heading", { level: 1 })).toBeVisible();
  await page.goto(design);
  await expect(main(page).getByRole("heading", { level: 1 })).toHaveText(title!);
  await axe(page, "kept");

  // Written, the browser closed, opened again, and sent when the line is back.
  await page.goto(`${design}/write`);
  const box = main(page).locator("[data-section] textarea").first();
  await expect(page.locator("#live")).toBeVisible();
  const before = await box.inputValue();
  await box.fill(`${before}\n\nWritten on the bus.`);
  await expect(page.locator("#live-unsent")).toContainText("1");
  await axe(page, "written without a line");
  // Save has nobody to send it to: the page stays, and so do the words.
  await main(page).getByRole("button", { name: /^Save/ }).first().click();
  await expect(page.locator("#live-state")).toContainText("your words stay");
  await expect(box).toHaveValue(/Written on the bus\./);
  const again = await page.context().newPage();
  await page.close();
  await again.goto(`${server.url}${design}/write`);
  const there = main(again).locator("[data-section] textarea").first();
  await expect(there).toHaveValue(/Written on the bus\./);

  await mend(server);
  await expect(again.locator("#live-state")).toHaveText(/You are connected/, { timeout: 60_000 });
  const other = somebody("another member of the group", (p) => p.name !== member.name && Boolean(p.code) && p.groups.some((g) => g.slug === slug));
  const reader = await newPage(browser, server, wrongs, { javaScriptEnabled: false });
  await signIn(reader, other);
  await expect.poll(async () => { await reader.goto(design); return main(reader).textContent(); }).toContain("Written on the bus.");

  // Whoever may not read it any more has it no longer; nobody has anything after they signed out.
  await again.goto(`${server.url}/my-data`);
  expect(await shelf(again)).toContain(design);
  await main(again).getByRole("button", { name: /^Leave.*|.*Leave$/ }).first().click();
  await again.goto(`${server.url}${design}`);
  await expect.poll(() => shelf(again)).toEqual(["/seen"]);
  await again.getByRole("button", { name: "Sign out" }).first().click();
  await expect(main(again)).toBeVisible();
  await expect.poll(() => shelf(again)).toEqual([]);
  for (const opened of [again, reader]) await opened.context().close();
  await stopServer(server);
});

test("what was kept goes when somebody else signs in, or its owner changes their mind", async ({ browser, wrongs }) => {
  test.setTimeout(120_000);
  const { server, member, slug, page } = await begin(browser, wrongs);
  const keep = async () => {
    await page.goto("/my-data");
    await main(page).getByRole("button", { name: "Keep designs on this device" }).click();
    await page.goto(design);
    await expect.poll(() => shelf(page)).toContain(design);
  };
  const design = await drafting(page, slug);
  await keep();
  await page.goto("/my-data");
  await main(page).getByRole("button", { name: "Stop, and delete what is kept here" }).click();
  await expect(page.getByRole("status").first()).toContainText("Nothing is kept on this device any more");
  await expect.poll(() => shelf(page)).toEqual([]);
  await page.goto(design);
  await page.goto("/");
  expect(await shelf(page)).toEqual([]);

  await keep();
  // Their session ends elsewhere, and another person signs in here without their having signed out.
  await page.context().clearCookies();
  await page.goto("/help");
  await expect.poll(() => shelf(page)).toEqual([]);
  const other = people().find((p) => p.code && p.name !== member.name)!;
  await signIn(page, other);
  expect(await shelf(page)).toEqual([]);
  await page.context().close();
  await stopServer(server);
});
