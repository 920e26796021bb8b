// Every part of the kit in each of its states, in each theme: a page of development builds, so it is that program that
// serves it.
import type { Page } from "@playwright/test";
import { axe, axeFinds, display, expect, fits, look, newPage, startServer, stopServer, test, themes, unfold, type Server } from "./house";
import { developmentProgram } from "./server";

let kit: Server;
test.beforeAll(async () => { kit = await startServer({ TANDEM_BIN: developmentProgram() }); });
test.afterAll(async () => { await stopServer(kit); });

const open = (page: Page, refused: boolean) => page.goto(`${kit.url}/kit${refused ? "?refused" : ""}`);

for (const refused of [false, true]) {
  const state = refused ? "refused" : "fresh";
  test(`every part of the kit holds in each theme: ${state}`, async ({ browser, wrongs }) => {
    test.setTimeout(180_000);
    const page = await newPage(browser, kit, wrongs);
    for (const theme of themes) {
      await display(page, kit, `theme-${theme}`);
      await open(page, refused);
      const where = `the kit, ${state}, ${theme}`;
      await expect(page.locator("html"), where).toHaveAttribute("data-theme", theme);
      await expect(page.locator("#error-summary"), where).toHaveCount(refused ? 1 : 0);
      await unfold(page, 1000);
      expect.soft(await axeFinds(page), `axe: ${where}`).toEqual([]);
      for (const gate of ["fits", "legible", "targets", "rings", "moves"] as const) expect.soft(await look(page, gate), `${gate}: ${where}`).toEqual([]);
      await page.setViewportSize({ width: 320, height: 640 });
      for (const gate of ["fits", "legible", "targets", "rings"] as const) expect.soft(await look(page, gate), `${gate} at 320 px: ${where}`).toEqual([]);
      await page.setViewportSize({ width: 1280, height: 900 });
    }
    await page.emulateMedia({ forcedColors: "active" });
    await open(page, refused);
    for (const gate of ["edges", "rings"] as const) expect.soft(await look(page, gate), `${gate} in forced colours: ${state}`).toEqual([]);
    await page.context().close();
  });
}

test("the dialog opens, holds in each theme, closes by Escape and by its button, and gives the focus back", async ({ browser, wrongs }) => {
  const page = await newPage(browser, kit, wrongs);
  await open(page, false);
  const button = page.getByRole("button", { name: "What is a quorum?" });
  const dialog = page.getByRole("dialog", { name: "Quorum" });
  await expect(dialog).toBeHidden();
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole("heading")).toBeFocused();
  await axe(page, "with the dialog open");
  expect.soft(await look(page, "targets"), "targets").toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  expect.soft(await look(page, "targets"), "targets at 320 px").toEqual([]);
  await fits(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
  await button.click();
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
  await page.context().close();
});

test("the dialog opens and closes without JavaScript", async ({ browser, wrongs }) => {
  const page = await newPage(browser, kit, wrongs, { javaScriptEnabled: false });
  await open(page, false);
  await page.getByRole("button", { name: "What is a quorum?" }).click();
  const dialog = page.getByRole("dialog", { name: "Quorum" });
  await expect(dialog).toBeVisible();
  await axe(page, "with the dialog open, without scripts");
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toBeHidden();
  await page.context().close();
});
