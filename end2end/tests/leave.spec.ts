// "Leave now" (STANDARDS A-094, S-050): one press and the page is gone, with and without scripts.
import type { Page } from "@playwright/test";
import { expect, inGroup, main, signIn, somebody, test } from "./house";

/** The neutral site is not asked: what stands there does not matter. */
async function neutral(page: Page): Promise<string> {
  await page.goto("/");
  const href = (await page.getByRole("link", { name: "Leave now" }).getAttribute("href"))!;
  expect(href).toMatch(/^https:\/\//);
  expect(href).not.toContain("127.0.0.1");
  await page.context().route(`${new URL(href).origin}/**`, (route) => route.fulfill({ contentType: "text/html", body: "<title>News</title><h1>News</h1>" }));
  return href;
}
const member = () => somebody("a member", (p) => p.role === "young-person" && inGroup(p, "member"));

for (const how of ["the button", "Shift three times"]) {
  test(`with JavaScript ${how} replaces the page, and Back does not show it`, async ({ page }) => {
    const href = await neutral(page);
    await signIn(page, member());
    await page.goto("/help");
    await page.goto("/not-safe");
    const before = await page.evaluate(() => history.length);
    if (how === "the button") {
      await page.getByRole("link", { name: "Leave now" }).click();
    } else {
      for (let i = 0; i < 3; i++) await page.keyboard.press("Shift");
    }
    await expect(page).toHaveURL(href);
    expect(await page.evaluate(() => history.length), "it replaced the page").toBe(before);
    // One step back is a page that was seen before: it sends away at once, and shows nothing meanwhile.
    await page.goBack();
    await expect(page).toHaveURL(href);
    await expect(page.locator("h1")).toHaveText("News");
    // Whoever wants to come back can: the address opens Tandem as ever.
    await page.goto("/help");
    await expect(page.locator("h1")).not.toHaveText("News");
    await expect(page.locator("h1")).toBeVisible();
  });
}

test("words typed with capitals, and going back with Shift and Tab, do not leave", async ({ page }) => {
  await neutral(page);
  await signIn(page, member());
  await page.goto("/my-data");
  await page.locator("main input[type=text]").first().focus();
  await page.keyboard.type("ABC Def GHI");
  for (let i = 0; i < 5; i++) await page.keyboard.press("Shift+Tab");
  await expect(page).toHaveURL(/my-data/);
});

test("without JavaScript it is a plain link to the neutral site, and no page is kept", async ({ noScripts: page }) => {
  const href = await neutral(page);
  await signIn(page, member());
  for (const path of ["/", "/not-safe", "/my-data", "/help", "/nothing-is-here"]) {
    const answer = (await page.goto(path))!;
    expect(answer.headers()["cache-control"], path).toBe("no-store");
    const leave = page.getByRole("link", { name: "Leave now" });
    await expect(leave).toHaveAttribute("href", href);
    await expect(leave).toHaveAttribute("rel", "noreferrer");
  }
  // Back may show the page here, and the page for those who are not safe says so.
  await page.goto("/not-safe");
  await expect(main(page)).toContainText("the Back button may show this site again");
  await page.getByRole("link", { name: "Leave now" }).click();
  await expect(page).toHaveURL(href);
  // It is asked of the server again, so somebody who has signed out meanwhile does not see it.
  const asked: string[] = [];
  page.on("request", (r) => asked.push(new URL(r.url()).pathname));
  await page.goBack();
  await expect(page).toHaveURL(/\/not-safe$/);
  expect(asked).toContain("/not-safe");
});
