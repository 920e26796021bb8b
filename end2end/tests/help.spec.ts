// What stands on every page: the way past the menu, and help and safety.
import { expect, look, main, test } from "./house";

test("the first press of Tab shows the way past the menu", async ({ page }) => {
  for (const path of ["/", "/sign-in", "/help", "/you-said-we-did"]) {
    await page.goto(path);
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to main content" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(main(page)).toBeFocused();
  }
});

// On every page and after every step of the journeys: `standing` in look.js. Here: pages of errors, and without scripts.
test("help and safety are the same five links in the same order on pages that are not there", async ({ noScripts: page }) => {
  for (const path of ["/", "/nothing-is-here", "/people", "/card/nothing"]) {
    await page.goto(path);
    expect(await look(page, "standing"), path).toEqual([]);
    await expect(page.getByRole("navigation", { name: "Help and safety" }).getByRole("link"))
      .toHaveText(["Help", "Talk to a person", "I do not feel safe", "Accessibility", "Privacy"]);
    await expect(page.getByRole("link", { name: "Leave now" })).toBeVisible();
  }
});
