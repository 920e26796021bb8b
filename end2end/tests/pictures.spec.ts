// A picture in the words of a design: put in with what it shows, checked, seen, taken along and taken away; without JavaScript
// and with it.
import type { Browser, Locator, Page } from "@playwright/test";
import { expect, good, main, newPage, roleIn, signIn, startServer, stopServer, test } from "./house";

const TITLE = "Seven letters, rewritten";
const WORK = "Letters we can read";
const SHOWS = "Two letters side by side. The new one has half as many words.";

const family = (role: string) => roleIn("Foster Families", role);

/** A picture that a browser made. */
async function drawing(browser: Browser): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 700, height: 500 } });
  await page.setContent("<body style='background:#fffaf0;font:40px sans-serif'><p style='color:#643'>Dear you</p>");
  const bytes = await page.screenshot();
  await page.close();
  return bytes;
}

const shown = (page: Page, alt: string) => main(page).getByRole("img", { name: alt });
/** The picture itself has come, not only its words. */
async function come(picture: Locator) {
  await picture.scrollIntoViewIfNeeded();
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth)).toBeGreaterThan(0);
}
const seen = (page: Page, alt: string) => come(shown(page, alt));

async function journey(browser: Browser, wrongs: string[], scripts: boolean) {
  const server = await startServer();
  const options = { javaScriptEnabled: scripts, viewport: { width: 1280, height: 900 } };
  const [worker, member, other] = [
    await newPage(browser, server, wrongs, options), await newPage(browser, server, wrongs, options), await newPage(browser, server, wrongs, options),
  ];
  await signIn(worker, family("worker"));
  await signIn(member, family("member"));
  await signIn(other, family("lead"));

  await member.goto("/workspaces");
  await main(member).getByRole("link", { name: WORK }).first().click();
  await main(member).getByRole("link", { name: TITLE }).first().click();
  const design = new URL(member.url()).pathname;
  await main(member).getByRole("link", { name: "Write", exact: true }).click();

  // What stands in the box is saved on the way to the picture.
  const box = main(member).getByRole("textbox", { name: /^Words for/ }).first();
  const before = await box.inputValue();
  if (scripts) await expect(main(member).locator("#live-state")).toContainText("You are connected.");
  await box.fill(`${before}\n\nLook at these two.`);
  await main(member).getByRole("button", { name: /^Add a picture/ }).first().click();
  await expect(main(member).getByRole("heading", { level: 1 })).toContainText("Add a picture to");
  await expect(member.getByRole("status").first()).toContainText("Saved");
  await good(member, scripts);

  // Nothing chosen and nothing said; then a file that is no picture: what was typed stays.
  await main(member).getByRole("button", { name: "Add the picture" }).click();
  await expect(main(member).getByRole("link", { name: "Choose a picture" })).toBeVisible();
  await expect(main(member).getByRole("link", { name: "Say what the picture shows" })).toBeVisible();
  await good(member, scripts);
  await main(member).getByRole("textbox", { name: "What does it show?" }).fill(SHOWS);
  await main(member).getByLabel("Picture", { exact: true }).setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from("words") });
  await main(member).getByRole("button", { name: "Add the picture" }).click();
  await expect(main(member).getByRole("link", { name: "We cannot use this kind of file." })).toBeVisible();
  await expect(main(member).getByRole("textbox", { name: "What does it show?" })).toHaveValue(SHOWS);
  await main(member).getByLabel("Picture", { exact: true }).setInputFiles({ name: "a.png", mimeType: "image/png", buffer: await drawing(browser) });
  await main(member).getByRole("button", { name: "Add the picture" }).click();
  await expect(member.getByRole("status").first()).toContainText("The picture is in. A worker looks at it first.");
  await expect(box).toHaveValue(/Look at these two\.\n\n!\[Two letters side by side\. The new one has half as many words\.\]\(picture-[a-z2-9]{8}\)$/);
  await good(member, scripts);

  // Whoever reads has its words; the picture waits until a worker has looked.
  await other.goto(design);
  await expect(main(other)).toContainText(`${SHOWS} [picture hidden]`);
  await expect(shown(other, SHOWS)).toHaveCount(0);
  await main(member).getByRole("link", { name: "All pictures in this design" }).click();
  await expect(main(member)).toContainText(SHOWS);
  await come(main(member).locator("img"));
  await expect(main(member)).toContainText("Others see it when a worker has looked.");
  await good(member, scripts);

  await worker.goto("/moderation");
  await main(worker).locator(`a[href^='${design}/sections/']`).first().click();
  const checks = new URL(worker.url()).pathname;
  // There may be more parts with something hidden: the one with the picture is looked for.
  if (await shown(worker, SHOWS).count() === 0) {
    await worker.goto("/moderation");
    for (const href of await main(worker).locator(`a[href^='${design}/sections/']`).evaluateAll((all) => all.map((a) => a.getAttribute("href")!))) {
      if (href === checks) continue;
      await worker.goto(href);
      if (await shown(worker, SHOWS).count()) break;
    }
  }
  await seen(worker, SHOWS);
  await good(worker, scripts);
  await main(worker).getByRole("button", { name: "Show all of it to everybody" }).click();
  await other.goto(design);
  await seen(other, SHOWS);
  await good(other, scripts);
  for (const kind of ["docx", "html", "md"]) {
    const file = await other.request.get(`${design}/download/${kind}`);
    expect(file.status()).toBe(200);
    if (kind === "html") expect(await file.text()).toMatch(/<img src="data:image\/(png|jpeg);base64,/);
  }

  // The one who put it in takes it away for good: its words stay.
  await member.goto(`${design}/pictures`);
  await main(member).getByRole("link", { name: /^Take away for good/ }).click();
  await good(member, scripts);
  await main(member).getByRole("button", { name: "Take it away" }).click();
  await expect(main(member).getByRole("link", { name: "Tick the box, if the picture should go for good" })).toBeVisible();
  await good(member, scripts);
  await main(member).getByRole("checkbox", { name: "Yes, take it away for good" }).check();
  await main(member).getByRole("button", { name: "Take it away" }).click();
  await expect(member.getByRole("status").first()).toContainText("The picture is gone");
  await expect(main(member)).toContainText("There are no pictures yet.");
  await other.goto(design);
  await expect(main(other)).toContainText(SHOWS);
  await expect(shown(other, SHOWS)).toHaveCount(0);
  await good(member, scripts);
  for (const page of [worker, member, other]) await page.context().close();
  await stopServer(server);
}

for (const scripts of [false, true]) {
  test(`a picture comes into the words and goes, ${scripts ? "with" : "without"} JavaScript`, async ({ browser, wrongs }) => {
    test.setTimeout(240_000);
    await journey(browser, wrongs, scripts);
  });
}
