// Every part of the kit in each of its states, as app/tests/kit.rs has drawn it, inside a real page of the release program:
// its head, its styles, its scripts and its policy. The program itself has no such door.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { axe, axeFinds, display, expect, look, newPage, test, themes, type Server } from "./house";

/** What was drawn. Tests of `app` come before the browser in `make test`; alone: cargo test -p app --test kit */
const drawn = (name: string) => readFileSync(join(import.meta.dirname, "..", "..", "target", "kit", `${name}.html`), "utf8");
const mainOf = (html: string) => html.slice(html.indexOf("<main"), html.indexOf("</main>"));

/** Opens the kit as if it had a door. */
async function open(page: Page, server: Server, name: string) {
  await page.context().route(`${server.url}/kit*`, async (route) => {
    const frame = await route.fetch({ url: `${server.url}/help` });
    const html = await frame.text();
    const title = drawn(name).match(/<title>[^<]*/)![0];
    await route.fulfill({ response: frame, body: html.replace(mainOf(html), () => mainOf(drawn(name))).replace(/<title>[^<]*/, () => title) });
  });
  await page.goto(`/kit?${name}`);
}

for (const name of ["fresh", "refused"]) {
  test(`every part of the kit holds in each theme: ${name}`, async ({ browser, server, wrongs }) => {
    test.setTimeout(180_000);
    const page = await newPage(browser, server, wrongs);
    for (const theme of themes) {
      await display(page, server, `theme-${theme}`);
      await open(page, server, name);
      const where = `the kit, ${name}, ${theme}`;
      await expect(page.locator("html"), where).toHaveAttribute("data-theme", theme);
      await expect(page.locator("#error-summary"), where).toHaveCount(name === "refused" ? 1 : 0);
      for (const more of await page.locator("main details.more > summary").all()) await more.click();
      expect.soft(await axeFinds(page), `axe: ${where}`).toEqual([]);
      for (const gate of ["fits", "legible", "targets", "rings", "moves"] as const) expect.soft(await look(page, gate), `${gate}: ${where}`).toEqual([]);
      await page.setViewportSize({ width: 320, height: 640 });
      for (const gate of ["fits", "legible", "targets", "rings"] as const) expect.soft(await look(page, gate), `${gate} at 320 px: ${where}`).toEqual([]);
      await page.setViewportSize({ width: 1280, height: 900 });
    }
    await page.emulateMedia({ forcedColors: "active" });
    await open(page, server, name);
    for (const gate of ["edges", "rings"] as const) expect.soft(await look(page, gate), `${gate} in forced colours: ${name}`).toEqual([]);
    await page.context().close();
  });
}

test("the dialog opens, holds in each theme, closes by Escape and by its button, and gives the focus back", async ({ page, server }) => {
  await open(page, server, "fresh");
  const button = page.getByRole("button", { name: "What is a quorum?" });
  const dialog = page.getByRole("dialog", { name: "Quorum" });
  await expect(dialog).toBeHidden();
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole("heading")).toBeFocused();
  await axe(page, "with the dialog open");
  for (const gate of ["fits", "targets"] as const) expect.soft(await look(page, gate), gate).toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  for (const gate of ["fits", "targets"] as const) expect.soft(await look(page, gate), `${gate} at 320 px`).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
  await button.click();
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
});

test("the dialog opens and closes without JavaScript", async ({ noScripts: page, server }) => {
  await open(page, server, "fresh");
  await page.getByRole("button", { name: "What is a quorum?" }).click();
  const dialog = page.getByRole("dialog", { name: "Quorum" });
  await expect(dialog).toBeVisible();
  await axe(page, "with the dialog open, without scripts");
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toBeHidden();
});
