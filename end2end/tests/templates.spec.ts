// A way to start a design that an officer made: made, corrected, chosen by a member, taken away; without JavaScript and with it.
import type { Browser } from "@playwright/test";
import { expect, good, main, newPage, roleIn, signIn, startServer, stopServer, test } from "./house";

const WORK = "Letters we can read";

const family = (role: string) => roleIn("Foster Families", role);

async function journey(browser: Browser, wrongs: string[], scripts: boolean) {
  const server = await startServer();
  const options = { javaScriptEnabled: scripts, viewport: { width: 1280, height: 900 } };
  const [worker, member] = [await newPage(browser, server, wrongs, options), await newPage(browser, server, wrongs, options)];
  await signIn(worker, family("worker"));
  await signIn(member, family("member"));

  await worker.goto("/workspaces");
  await main(worker).getByRole("link", { name: WORK }).first().click();
  await main(worker).locator("a[href^='/designs/new']").first().click();
  await main(worker).getByRole("link", { name: "Our own ways to start a design" }).click();
  await good(worker, scripts);
  await main(worker).getByRole("textbox", { name: "What is it called?" }).fill("A plan for a club");
  await main(worker).getByRole("button", { name: "Make it" }).click();
  await expect(main(worker).getByRole("link", { name: "Write at least one heading" })).toBeVisible();
  await expect(main(worker).getByRole("textbox", { name: "What is it called?" })).toHaveValue("A plan for a club");
  await good(worker, scripts);
  await main(worker).getByRole("textbox", { name: "Its headings" }).fill("Who comes\nWhat it costs");
  await main(worker).getByRole("button", { name: "Make it" }).click();
  await expect(worker.getByRole("status").first()).toContainText("It is there. People can choose it now.");
  await good(worker, scripts);
  await main(worker).getByRole("link", { name: "A plan for a club" }).click();
  await good(worker, scripts);
  await main(worker).getByRole("textbox", { name: "Its headings" }).fill("Who comes\nWhat we do\nWhat it costs");
  await main(worker).getByRole("button", { name: "Save" }).click();
  await expect(worker.getByRole("status").first()).toContainText("It is saved.");

  await member.goto("/workspaces");
  await main(member).getByRole("link", { name: WORK }).first().click();
  await main(member).locator("a[href^='/designs/new']").first().click();
  await main(member).getByRole("textbox", { name: "What is it called?" }).fill("A chess club");
  await main(member).getByRole("radio", { name: "A plan for a club" }).check();
  await good(member, scripts);
  await main(member).getByRole("button", { name: "Start this design" }).click();
  for (const heading of ["Who comes", "What we do", "What it costs"]) {
    await expect(main(member).getByRole("heading", { name: heading })).toBeVisible();
  }

  await main(worker).getByRole("link", { name: "A plan for a club" }).click();
  await main(worker).getByRole("button", { name: "Take it away" }).click();
  await expect(worker.getByRole("status").first()).toContainText("It is gone.");
  await good(worker, scripts);
  for (const page of [worker, member]) await page.context().close();
  await stopServer(server);
}

for (const scripts of [false, true]) {
  test(`a way to start a design is made and chosen, ${scripts ? "with" : "without"} JavaScript`, async ({ browser, wrongs }) => {
    test.setTimeout(180_000);
    await journey(browser, wrongs, scripts);
  });
}
