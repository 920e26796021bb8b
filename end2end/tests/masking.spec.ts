// What is hidden of a part until a worker has looked, and pausing writing: with plain links and forms, so without JavaScript
// and with it; the line of somebody who writes live hears of it.
import type { Browser, Page } from "@playwright/test";
import { axe, expect, good, newPage, roleIn, signIn, startServer, stopServer, test } from "./house";

const TITLE = "Seven letters, rewritten";
const WORK = "Letters we can read";
const PHONE = "07700 900461";

const family = (role: string) => roleIn("Foster Families", role);

async function journey(browser: Browser, wrongs: string[], scripts: boolean) {
  const server = await startServer();
  const options = { javaScriptEnabled: scripts, viewport: { width: 1280, height: 900 } };
  const [worker, member] = [await newPage(browser, server, wrongs, options), await newPage(browser, server, wrongs, options)];
  await signIn(worker, family("worker"));
  await signIn(member, family("member"));

  // A member reads around what is hidden, also in what changed and in the file.
  await member.goto("/workspaces");
  await member.getByRole("main").getByRole("link", { name: WORK }).first().click();
  await member.getByRole("main").getByRole("link", { name: TITLE }).first().click();
  const design = new URL(member.url()).pathname;
  const words = member.getByRole("main");
  await expect(words).toContainText("Send yours to [e-mail hidden] or text [phone number hidden]");
  await expect(words).toContainText("Some of this is hidden until a worker has looked.");
  await expect(words).not.toContainText(PHONE);
  await expect(words.getByRole("button", { name: "Pause writing" })).toHaveCount(0);
  await good(member, scripts);
  await member.goto(`${design}/versions/compare?from=1&to=now`);
  await expect(words).toContainText("[phone number hidden]");
  await expect(words).not.toContainText(PHONE);
  await good(member, scripts);
  const file = await member.request.get(`${design}/download/md`);
  expect(await file.text()).not.toContain(PHONE);

  // A member says that something is wrong; a worker answers; the member reads the answer.
  await member.goto(design);
  await words.getByRole("link", { name: /^Something is wrong here.*The review letter/ }).click();
  await good(member, scripts);
  await words.getByRole("textbox", { name: "Do you want to say more?" }).fill("My gran reads this.");
  await words.getByRole("button", { name: "Tell a worker" }).click();
  await expect(words.getByRole("link", { name: "Choose what is wrong" })).toBeVisible();
  await expect(words.getByRole("textbox", { name: "Do you want to say more?" })).toHaveValue("My gran reads this.");
  await good(member, scripts);
  await words.getByRole("radio", { name: "It is unkind or rude" }).check();
  await words.getByRole("button", { name: "Tell a worker" }).click();
  await expect(member.getByRole("status").first()).toContainText("Thank you. A worker will read it.");
  const report = new URL(member.url()).pathname;
  await good(member, scripts);
  await member.goto(design);
  await words.getByRole("link", { name: /^Something is wrong here.*The review letter/ }).click();
  await expect(words).toContainText("You have told a worker about this part.");
  await good(member, scripts);
  const check = worker.getByRole("main");
  await worker.goto("/moderation");
  await expect(check.getByRole("heading", { name: "People say something is wrong" })).toBeVisible();
  await check.locator(`a[href='${report}']`).click();
  await expect(check).toContainText("My gran reads this.");
  await good(worker, scripts);
  await check.getByRole("button", { name: "Send the answer" }).click();
  await expect(check.getByRole("link", { name: "Choose what you did" })).toBeVisible();
  await good(worker, scripts);
  await check.getByRole("radio", { name: "The words can stay" }).check();
  await check.getByRole("textbox", { name: "What do you want to tell the person who said it?" }).fill("Thank you. We talked about it.");
  await check.getByRole("button", { name: "Send the answer" }).click();
  await expect(worker.getByRole("status").first()).toContainText("The answer is sent.");
  await member.goto("/");
  await words.locator(`a[href='${report}']`).click();
  await expect(words).toContainText("Thank you. We talked about it.");
  await good(member, scripts);
  await worker.goto(report);
  await good(worker, scripts);

  // A worker finds what is hidden, reads both, and shows it.
  await worker.goto("/moderation");
  await expect(check.getByRole("heading", { name: "Parts with something hidden" })).toBeVisible();
  await good(worker, scripts);
  await check.getByRole("link", { name: "Check this part “The review letter, our way”" }).click();
  await expect(check.getByRole("region", { name: "What people wrote" })).toContainText(PHONE);
  await expect(check.getByRole("region", { name: "What others see now" })).toContainText("[phone number hidden]");
  await good(worker, scripts);
  await check.getByRole("button", { name: "Show all of it to everybody" }).click();
  await expect(worker.getByRole("status").first()).toContainText("Everybody can see these words now.");
  await good(worker, scripts);
  await member.goto(design);
  await expect(words).toContainText(PHONE);

  // Writing stops in one press. What was typed meanwhile is kept.
  await member.goto(`${design}/write`);
  const box = member.getByRole("textbox", { name: "The review letter, our way" }).first();
  if (scripts) await expect(member.locator("#live-state")).toContainText("You are connected");
  await worker.goto(design);
  await check.getByRole("button", { name: "Pause writing" }).click();
  await expect(check.getByText("A worker has paused writing for now.")).toBeVisible();
  await good(worker, scripts);
  if (scripts) {
    await expect(member.locator("#live-state")).toContainText("A worker has paused writing for now. Your words stay here.");
    await axe(member, "writing is paused");
    // What is typed meanwhile is sent by itself once people may write again.
    await box.press("End");
    await box.pressSequentially(" PPS from me.");
    await check.getByRole("button", { name: "Let people write again" }).click();
    await expect(member.locator("#live-state")).toContainText("You are connected", { timeout: 30_000 });
    await expect.poll(async () => { await worker.goto(design); return check.innerText(); }).toContain("PPS from me.");
    await check.getByRole("button", { name: "Pause writing" }).click();
    await expect(member.locator("#live-state")).toContainText("A worker has paused writing for now.");
  }
  const typed = `${await box.inputValue()} And the library.`;
  await box.fill(typed);
  await box.locator("xpath=ancestor::form").getByRole("button", { name: "Save" }).first().click();
  await expect(words).toContainText("A worker has paused writing for now. Copy your words.");
  await expect(words).toContainText("And the library.");
  await good(member, scripts);
  await member.goto(design);
  await expect(words).toContainText("A worker has paused writing for now. You can read and comment.");
  await expect(words.getByRole("link", { name: "Write", exact: true })).toHaveCount(0);
  await good(member, scripts);
  await check.getByRole("button", { name: "Let people write again" }).click();
  await expect(worker.getByRole("status").first()).toContainText("People can write again.");
  await good(worker, scripts);

  // Words that must not be kept are taken out for good, while somebody has them on their page.
  await member.goto(`${design}/write`);
  await expect(box).toBeVisible();
  if (scripts) {
    // What was refused before is in the box again; saved, the box is one with the part.
    await box.locator("xpath=ancestor::form").getByRole("button", { name: "Save" }).first().click();
    await expect(box).toHaveValue(/And the library\./);
    await expect(member.locator("#live-state")).toContainText("You are connected");
  }
  await worker.goto(design);
  await check.getByRole("link", { name: "Take words out for good" }).click();
  await good(worker, scripts);
  const button = check.getByRole("button", { name: "Take these words out" });
  await check.getByRole("textbox", { name: "Which words?" }).fill("07700 900 999");
  await button.click();
  await expect(check.getByRole("link", { name: "Tick the box, if nobody should bring these words back" })).toBeVisible();
  await good(worker, scripts);
  await check.getByRole("checkbox", { name: "I know that. Take them out." }).check();
  await button.click();
  await expect(check.getByRole("link", { name: "These words are not in this design. Copy them from it, letter by letter" })).toBeVisible();
  await expect(check.getByRole("textbox", { name: "Which words?" })).toHaveValue("07700 900 999");
  await good(worker, scripts);
  await check.getByRole("textbox", { name: "Which words?" }).fill(PHONE);
  await button.click();
  await expect(worker.getByRole("status").first()).toContainText("The words are gone.");
  await expect(check).not.toContainText(PHONE);
  await good(worker, scripts);
  if (scripts) {
    // It goes from the box as well, and writing goes on.
    await expect(box).toHaveValue(/text …/);
    await box.press("End");
    await box.pressSequentially(" Thanks.");
    await expect.poll(async () => { await worker.goto(design); return check.innerText(); }).toContain(" Thanks.");
    await axe(member, "after words were taken out");
  } else {
    // A page from before still has them: both texts are shown, and nothing is put back by itself.
    await box.fill(`${await box.inputValue()} Thanks.`);
    await box.locator("xpath=ancestor::form").getByRole("button", { name: "Save" }).first().click();
    await expect(words).toContainText("text …");
    await good(member, scripts);
  }
  for (const at of [design, `${design}/versions/1`, `${design}/versions/compare?from=1&to=now`]) {
    await worker.goto(at);
    await expect(check).not.toContainText(PHONE);
  }
  for (const page of [worker, member]) await page.context().close();
  await stopServer(server);
}

test("a hidden phone number is checked and writing is paused without JavaScript", async ({ browser, wrongs }) => {
  test.setTimeout(180_000);
  await journey(browser, wrongs, false);
});

test("a hidden phone number is checked and writing is paused with JavaScript", async ({ browser, wrongs }) => {
  test.setTimeout(180_000);
  await journey(browser, wrongs, true);
});
