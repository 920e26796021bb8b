// Versions: reading what changed, what changed since I was here, and bringing a version back. Everything with plain links
// and forms, so it is gone through without JavaScript and with it; what is said is looked at as it is heard.
import type { Browser, Page } from "@playwright/test";
import { axe, display, expect, good, inGroup, newPage, signIn, somebody, startServer, stopServer, test, themes } from "./house";

const TITLE = "The storeroom becomes a quiet room";

/** On a server of its own: it changes what the demo says. */
async function journey(browser: Browser, wrongs: string[], scripts: boolean) {
  const server = await startServer();
  const page = await newPage(browser, server, wrongs, { javaScriptEnabled: scripts, viewport: { width: 1280, height: 900 } });
  const lead = somebody("a lead of the council", (p) => p.role === "young-person" && inGroup(p, "lead", "open")
    && p.groups.some((g) => g.name.includes("Youth Council") && g.role === "lead"));
  await signIn(page, lead);
  const main = page.locator("main");
  await page.goto("/workspaces");
  await main.getByRole("link", { name: "A quiet room at the youth hub" }).first().click();
  await main.getByRole("link", { name: TITLE }).first().click();
  const design = new URL(page.url()).pathname;
  await main.getByRole("link", { name: "All versions of this design" }).click();
  await expect(main.getByRole("link", { name: "Version 2: After the Thursday meeting", exact: true })).toBeVisible();
  await expect(main).toContainText("So that everybody at the hub reads the same words.");
  await good(page, scripts);

  // One version: its words, what changed in it, and how it was before.
  await main.getByRole("link", { name: "Version 2: After the Thursday meeting", exact: true }).click();
  const switches = page.getByRole("navigation", { name: "What you see" });
  await expect(switches.getByRole("link", { name: "Final words" })).toHaveAttribute("aria-current", "true");
  await expect(main).toContainText("room for a wheelchair to turn round");
  await good(page, scripts);
  await switches.getByRole("link", { name: "Before" }).click();
  await expect(main).not.toContainText("room for a wheelchair to turn round");
  await good(page, scripts);
  await switches.getByRole("link", { name: "Show changes" }).click();
  await expect(main.locator("ins").first()).toContainText("added:");
  await expect(main.locator("ins", { hasText: "room for a wheelchair to turn round" })).toHaveCount(1);
  await expect(main.getByText("Changed by Idris on")).toBeVisible();
  await expect(main.getByRole("heading", { name: "These parts are the same" })).toBeVisible();
  // Underlined or struck out, whatever the colours are.
  for (const [tag, line] of [["ins", "underline"], ["del", "line-through"]]) {
    const drawn = await main.locator(tag).first().evaluate((e) => getComputedStyle(e).textDecorationLine);
    expect(drawn, tag).toBe(line);
  }
  // As a screen reader hears it: insertions and deletions, each with its word.
  if (scripts) {
    const heard = await main.ariaSnapshot();
    expect(heard).toMatch(/insertion.*added:/s);
    expect(heard).toMatch(/deletion.*removed:/s);
  }
  await good(page, scripts);

  // Any two, by a form that only looks.
  await page.goto(`${design}/versions`);
  await main.getByLabel("From", { exact: true }).selectOption({ label: "Version 1: The first words" });
  await main.getByLabel("To", { exact: true }).selectOption({ label: "the words as they are now" });
  await main.getByRole("button", { name: "Show what changed" }).click();
  await expect(page).toHaveURL(/versions\/compare\?from=1&to=now/);
  await expect(main.locator("ins", { hasText: "fish tank" })).toHaveCount(1);
  await good(page, scripts);

  // Since I was here: on a first visit since the last version before now.
  await page.goto(`${design}/versions/compare?from=last`);
  await expect(main).toContainText(/From “Version \d/);
  await good(page, scripts);

  // Bringing a version back says what will change, and loses nothing.
  await page.goto(`${design}/versions/1`);
  await main.getByRole("link", { name: "Bring this version back" }).click();
  await expect(main).toContainText("This is what will change.");
  await expect(main.locator("del").first()).toContainText("removed:");
  await good(page, scripts);
  await main.getByRole("button", { name: "Bring this version back" }).click();
  await expect(page.getByRole("status").first()).toContainText("The version is back");
  await expect(main.getByRole("link", { name: "Version 3: Before version 1 came back", exact: true })).toBeVisible();
  await expect(main.getByRole("link", { name: "Version 4: Version 1 again", exact: true })).toBeVisible();
  await good(page, scripts);
  await page.goto(design);
  await expect(main).not.toContainText("fish tank, if Zayn");
  await page.goto(`${design}/versions/3`);
  await expect(main).toContainText("fish tank, if Zayn");

  // The steps: what checking asks for.
  await page.goto(`${design}/stage`);
  await expect(main).toContainText("Before checking starts:");
  await expect(main).toContainText("There is no easy read of this design");
  await good(page, scripts);
  await page.context().close();
  await stopServer(server);
}

test("what changed is read and a version comes back without JavaScript", async ({ browser, wrongs }) => {
  await journey(browser, wrongs, false);
});

test("what changed is read and a version comes back with JavaScript", async ({ browser, wrongs }) => {
  await journey(browser, wrongs, true);
});

test("what changed stays readable in every theme and in forced colours", async ({ browser, server, wrongs }) => {
  const page = await newPage(browser, server, wrongs);
  await signIn(page, somebody("a member of the council", (p) => p.role === "young-person" && p.groups.some((g) => g.name.includes("Youth Council"))));
  const main = page.locator("main");
  await page.goto("/workspaces");
  await main.getByRole("link", { name: "A quiet room at the youth hub" }).first().click();
  await main.getByRole("link", { name: TITLE }).first().click();
  const design = new URL(page.url()).pathname;
  for (const theme of themes) {
    await display(page, server, `theme-${theme}`);
    await page.goto(`${design}/versions/2?show=changes`);
    await axe(page, theme);
  }
  await page.emulateMedia({ forcedColors: "active" });
  await page.reload();
  for (const tag of ["ins", "del"]) {
    expect(await main.locator(tag).first().evaluate((e) => getComputedStyle(e).textDecorationLine)).not.toBe("none");
  }
  await page.context().close();
});
