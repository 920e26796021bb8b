// What stands on every page: the way past the menu, and help and safety.
import { expect, main, test } from "./house";

test("the first press of Tab shows the way past the menu", async ({ page }) => {
  for (const path of ["/", "/sign-in", "/help", "/you-said-we-did"]) {
    await page.goto(path);
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to main content" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(main(page)).toBeFocused();
  }
});

test("help and safety are the same five links in the same order everywhere", async ({ noScripts: page }) => {
  for (const path of ["/", "/sign-in", "/groups", "/nothing-is-here"]) {
    await page.goto(path);
    await expect(page.getByRole("navigation", { name: "Help and safety" }).getByRole("link"))
      .toHaveText(["Help", "Talk to a person", "I do not feel safe", "Accessibility", "Privacy"]);
    await expect(page.getByRole("link", { name: "Leave now" })).toBeVisible();
  }
});
