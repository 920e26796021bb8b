// What is done in the office of a council, and what somebody does with their own account: groups, settings, people and
// /my-data. Everything with plain links and forms, so it is gone through without JavaScript and with it.
import type { Browser, Page } from "@playwright/test";
import { expect, good, main, newPage, signIn, signInHere, somebody, startServer, stopServer, test, type Person } from "./house";

const HOURS = "When you check what people write";

const press = (page: Page, name: string) => main(page).getByRole("button", { name, exact: true }).click();

/** What the house says after an act, and the page as it is then. */
async function done(page: Page, scripts: boolean, words: string) {
  await expect(page.getByRole("status").filter({ hasText: words })).toBeVisible();
  await good(page, scripts);
}

/** The printed card, as somebody types it who holds it. */
async function held(page: Page): Promise<Person> {
  const card = page.locator(".print-card");
  const pictures = (await card.locator(".card-picture").allTextContents()).map((words) => words.trim().slice(3).toLowerCase());
  return { code: await card.locator(".code-words").textContent(), pictures } as Person;
}

/** On a server of its own: it changes what stands on every page, and who there is. */
async function withServer(browser: Browser, wrongs: string[], scripts: boolean, act: (visit: (person: Person) => Promise<Page>) => Promise<void>) {
  test.setTimeout(120_000);
  const server = await startServer();
  const pages: Page[] = [];
  try {
    await act(async (person) => {
      const page = await newPage(browser, server, wrongs, { javaScriptEnabled: scripts, viewport: { width: 1280, height: 900 } });
      pages.push(page);
      await signIn(page, person);
      return page;
    });
  } finally {
    for (const page of pages) await page.context().close();
    await stopServer(server);
  }
}

/** An administrator: a group, a setting, and somebody from the first day of their account to its last. */
async function office(browser: Browser, wrongs: string[], scripts: boolean) {
  await withServer(browser, wrongs, scripts, async (visit) => {
    const page = await visit(somebody("an administrator", (p) => p.role === "administrator"));
    const makeGroup = async (name: string) => {
      await page.goto("/groups");
      await main(page).getByRole("link", { name: "Make a group" }).click();
      await page.getByLabel("Name of the group").fill(name);
      await page.getByLabel("What is the group for?").fill("We say what the new park needs.");
      await page.getByLabel("What kind of group is it?").selectOption({ label: "Group" });
      await page.locator("[name=symbol]").first().check();
      await press(page, "Make this group");
      await expect(page.getByRole("status").filter({ hasText: "The group is made. Now add people." })).toBeVisible();
      await expect(page).toHaveTitle(new RegExp(`People in ${name}`));
      return new URL(page.url()).pathname;
    };
    const park = await makeGroup("Park watchers");
    await good(page, scripts);
    const pool = await makeGroup("Pool watchers");

    // A setting counts at once, wherever it stands; then it is as it was.
    const change = async (hours: string) => {
      await page.goto("/settings");
      const before = await page.getByLabel(HOURS).inputValue();
      await page.getByLabel(HOURS).fill(hours);
      await press(page, "Save the settings");
      await done(page, scripts, "Saved");
      await expect(page.getByLabel(HOURS)).toHaveValue(hours);
      return before;
    };
    const before = await change("Every day, 8am to 8pm");
    await page.goto("/talk");
    await expect(main(page)).toContainText("Every day, 8am to 8pm");
    await change(before);
    await page.goto("/talk");
    await expect(main(page)).not.toContainText("Every day, 8am to 8pm");

    // Somebody is added, with a wrong name and in a wrong role; both are put right.
    await page.goto("/people");
    await main(page).getByRole("link", { name: "Add a person" }).click();
    await page.getByLabel("Display name").fill("Wynn");
    await page.locator("[name=role][value=supporter]").check();
    await page.locator("[name=group]").selectOption({ label: "Park watchers" });
    await press(page, "Add this person");
    await done(page, scripts, "The person is added");
    const person = new URL(page.url()).pathname;
    await page.getByLabel("Display name").fill("Wyn");
    await press(page, "Save the name");
    await done(page, scripts, "The name is saved");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Wyn");
    await page.locator("[name=role][value=young-person]").check();
    await press(page, "Save the role");
    await done(page, scripts, "The role is saved. They are signed out everywhere");
    await expect(page.locator(".facts")).toContainText("Young person");

    // They lead one group, and then are in the other.
    await page.goto(park);
    await main(page).getByRole("link", { name: "Change Wyn" }).click();
    await good(page, scripts);
    await page.locator("#change [name=role][value=lead]").check();
    await press(page, "Save");
    await done(page, scripts, "Changed");
    await expect(main(page).getByRole("row", { name: /^Wyn / })).toContainText("Lead");
    await main(page).getByRole("link", { name: "Change Wyn" }).click();
    await press(page, "Take Wyn out");
    await done(page, scripts, "Taken out of the group");
    await expect(main(page).getByRole("row", { name: /^Wyn / })).toHaveCount(0);
    await page.goto(pool);
    await page.getByLabel("Who?").selectOption({ label: "Wyn (young person)" });
    await press(page, "Add this person");
    await done(page, scripts, "Added to the group");
    await expect(main(page).getByRole("row", { name: /^Wyn / })).toContainText("Member");

    // With a card they come in, until the account is switched off, and again when it is on.
    await page.goto(person);
    await main(page).getByRole("link", { name: "Make a card" }).click();
    await good(page, scripts);
    await press(page, "Make a new card");
    const card = await held(page);
    const theirs = await visit(card);
    await page.goto(person);
    await press(page, "Switch off");
    await done(page, scripts, "The account is switched off");
    await theirs.goto("/my-data");
    await expect(theirs).toHaveURL(/sign-in/);
    await press(page, "Switch on");
    await done(page, scripts, "The account is switched on");
    await signInHere(theirs, card);
    await expect(theirs).toHaveURL(/my-data/);

    // They look at what deleting does, delete the account, and nobody comes in with that card again.
    await main(theirs).getByRole("link", { name: "Look at what deleting does" }).click();
    await expect(main(theirs)).toContainText("This cannot be undone");
    await good(theirs, scripts);
    await press(theirs, "Delete my account");
    await done(theirs, scripts, "Your account is deleted. Thank you for taking part");
    await theirs.goto("/sign-in");
    await signInHere(theirs, card);
    await expect(theirs).toHaveTitle(/^Error: /);
    for (const path of ["/people", pool]) {
      await page.goto(path);
      await expect(main(page)).not.toContainText("Wyn");
    }
    await page.goto(person);
    await expect(page.getByRole("heading", { level: 1 })).not.toContainText("Wyn");
  });
}

/** A young person of two groups, on /my-data. */
async function myData(browser: Browser, wrongs: string[], scripts: boolean) {
  await withServer(browser, wrongs, scripts, async (visit) => {
    const me = somebody("a member of two open groups", (p) => p.role === "young-person" && p.groups.filter((g) => g.visibility === "open" && g.role === "member").length > 1);
    const page = await visit(me);
    const other = await visit(me);
    await page.goto("/my-data");
    await page.getByLabel("My display name").fill("Kestrel");
    await press(page, "Save my name");
    await done(page, scripts, "The name is saved");
    await expect(page.locator(".facts")).toContainText("Kestrel");

    // The session on the other device ends; this one does not.
    await main(page).getByRole("button", { name: /^End the session from / }).click();
    await done(page, scripts, "That device is signed out");
    await expect(main(page).getByRole("button", { name: /^End / })).toHaveCount(1);
    await other.goto("/my-data");
    await expect(other).toHaveURL(/sign-in/);

    // Out of one group and not of the other.
    const [left, kept] = me.groups;
    await press(page, `Leave ${left.name}`);
    await done(page, scripts, "You have left the group");
    await expect(main(page).getByRole("heading", { name: left.name })).toHaveCount(0);
    await expect(main(page).getByRole("heading", { name: kept.name })).toBeVisible();
    await page.goto(`/groups/${left.slug}`);
    await expect(main(page)).not.toContainText("Kestrel");
    await page.goto(`/groups/${kept.slug}`);
    await expect(main(page)).toContainText("Kestrel");
  });
}

for (const scripts of [false, true]) {
  const how = scripts ? "with JavaScript" : "without JavaScript";
  test(`an administrator makes groups, changes settings and looks after somebody, ${how}`, async ({ browser, wrongs }) => {
    await office(browser, wrongs, scripts);
  });
  test(`a young person corrects their name, ends a session and leaves a group, ${how}`, async ({ browser, wrongs }) => {
    await myData(browser, wrongs, scripts);
  });
}
