// Suggesting other words: the same steps with and without JavaScript, and the page of suggestions while it is open.
import type { Browser, Page } from "@playwright/test";
import { axe, expect, fits, inGroup, look, newPage, refusal, signIn, somebody, startServer, stopServer, test, type Person, type Server } from "./house";

const main = (page: Page) => page.getByRole("main");
const press = (page: Page, name: string | RegExp) => main(page).getByRole("button", { name }).first().click();
const said = (page: Page, words: string | RegExp) => expect(main(page)).toContainText(words);

/** Nothing is wrong with the page as it is now. */
async function good(page: Page) {
  await axe(page);
  await fits(page);
  expect.soft(await look(page, "fits"), page.url()).toEqual([]);
  expect.soft(await look(page, "targets"), page.url()).toEqual([]);
}

/** The quiet room: an open group that is still writing, where two people decide. */
const group = () => somebody("a lead of the youth council", (p) => p.name === "Robin" && inGroup(p, "lead", "open")).groups.find((g) => g.role === "lead")!;
const named = (name: string) => somebody(name, (p) => p.name === name);

async function visit(browser: Browser, server: Server, wrongs: string[], person: Person, scripts: boolean) {
  const page = await newPage(browser, server, wrongs, { javaScriptEnabled: scripts });
  await signIn(page, person);
  return page;
}

/** The design of the quiet room. */
async function room(page: Page): Promise<string> {
  await page.goto(`/groups/${group().slug}`);
  await main(page).getByRole("link", { name: /quiet/i }).first().click();
  const design = main(page).locator("a[href^='/designs/']:not([href*='new'])").first();
  return (await design.getAttribute("href"))!.match(/\/designs\/[0-9a-f-]+/)![0];
}

for (const scripts of [false, true]) {
  test(`a change is suggested, looked at together with others, and decided ${scripts ? "with" : "without"} JavaScript`, async ({ browser, wrongs }) => {
    test.setTimeout(180_000);
    // A house of its own: what the other way of going through it decided has changed the words there.
    const server = await startServer();
    try {
      const words = scripts ? "a clock with a face that smiles" : "a clock that only has a big hand";
      const asha = await visit(browser, server, wrongs, named("Asha"), scripts);
      const robin = await visit(browser, server, wrongs, named("Robin"), scripts);
      const sal = await visit(browser, server, wrongs, named("Sal"), scripts);
      const design = await room(asha);

      // From the part of the design to the form. Left empty it comes back, with an error for each field.
      await asha.goto(design);
      await main(asha).getByRole("link", { name: /Suggest a change to “What should be in it”/ }).click();
      await good(asha);
      await press(asha, "Send my suggestion");
      await expect(asha.getByText("There is a problem")).toBeVisible();
      if (scripts) expect((await refusal(asha)).wrong, asha.url()).toEqual([]);
      await good(asha);
      await main(asha).getByLabel("a clock that doesn't tick", { exact: true }).check();
      await asha.locator("[name=words]").fill(words);
      await asha.locator("[name=why]").fill("You should be able to see how long is left without counting.");
      await press(asha, /^Send m/);
      // What is alike comes first; then it is sent all the same.
      if (await asha.getByText("There is a problem").isVisible()) {
        await said(asha, "Somebody suggested something like this");
        await good(asha);
        await press(asha, "Send mine too");
      }
      await said(asha, "Your suggestion is there");
      await good(asha);
      const one = new URL(asha.url()).pathname;

      // Removed and added are words, and they are underlined and struck through.
      await robin.goto(one);
      const marks = await robin.evaluate(() => ["ins", "del"].map((tag) => getComputedStyle(document.querySelector(`main ${tag}`)!).textDecorationLine));
      expect(marks).toEqual(["underline", "line-through"]);
      await expect(main(robin).locator("ins").first()).toContainText("added:");
      await expect(main(robin).locator("del").first()).toContainText("removed:");
      await good(robin);

      // Two decide: the first answer waits for the second.
      await main(robin).getByLabel("Yes, as it is", { exact: true }).check();
      await press(robin, "Answer");
      await said(robin, "It waits for a second person");
      await good(robin);
      await sal.goto(one);
      await main(sal).getByLabel("Yes, as it is", { exact: true }).check();
      await press(sal, "Answer");
      await said(sal, "Accepted. The words are in");
      await good(sal);
      await asha.goto(design);
      await said(asha, words);
      await asha.goto(`${design}/suggestions`);
      await good(asha);
      // The filter is a plain form.
      await asha.getByLabel("Where they are").selectOption("accepted");
      await press(asha, "Show");
      await expect(asha).toHaveURL(/state=accepted/);
      await said(asha, words);
      await said(asha, "Accepted");
      for (const page of [asha, robin, sal]) await page.context().close();
    } finally {
      await stopServer(server);
    }
  });
}

test("a new suggestion appears on the open list by itself, and its author takes it back", async ({ browser, server, wrongs }) => {
  test.setTimeout(90_000);
  const asha = await visit(browser, server, wrongs, named("Asha"), true);
  const bryony = await visit(browser, server, wrongs, named("Bryony"), true);
  const design = await room(asha);
  await asha.goto(`${design}/suggestions`);
  await expect(asha.locator("#suggestions-new > li")).toHaveCount(0);
  await bryony.goto(`${design}/suggestions/new`);
  await good(bryony);
  // Without a part the page says what to do.
  await press(bryony, "Go on");
  await expect(bryony.locator("#error-summary")).toContainText("Choose a part");
  await good(bryony);
  await bryony.locator("[name=section]").first().check();
  await press(bryony, "Go on");
  await bryony.getByLabel("Add words").check();
  await bryony.getByLabel("All of this part", { exact: true }).check();
  await bryony.locator("[name=words]").fill("Someone has drawn a map of the queue.");
  await bryony.locator("[name=why]").fill("It is a good map.");
  await press(bryony, "Send my suggestion");
  await said(bryony, "Your suggestion is there");
  await expect(asha.locator("#suggestions-new > li")).toHaveCount(1, { timeout: 15_000 });
  await expect(asha.locator("#suggestions-new")).toContainText("Someone has drawn a map of the queue.");
  await good(asha);
  await press(bryony, "Take it back");
  await said(bryony, "Only you can read it");
  await good(bryony);
  expect((await asha.goto(new URL(bryony.url()).pathname))!.status()).toBe(404);
  for (const page of [asha, bryony]) await page.context().close();
});
