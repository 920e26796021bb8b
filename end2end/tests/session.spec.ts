// How a session ends in the browser: asked two minutes before with JavaScript, told by a sentence without it. And the
// password field: pasting works, and Show is there where scripts run.
import { axe, expect, signIn, somebody, test } from "./house";

const officer = () => somebody("an officer", (p) => p.role === "officer" && !!p.password);

test("two minutes before the end the page asks, once; staying keeps the session", async ({ page }) => {
  await page.clock.install();
  await signIn(page, officer());
  await page.goto("/my-data");
  const ask = page.getByRole("dialog", { name: "Are you still here?" });
  await expect(page.locator("#session-ends")).toBeHidden();
  await page.clock.fastForward("27:30");
  await expect(ask).toBeHidden();
  await page.clock.fastForward("01:00");
  await expect(ask).toBeVisible();
  const stay = ask.getByRole("button", { name: "Stay signed in" });
  await expect(stay).toBeFocused();
  await axe(page);
  await stay.click();
  await expect(ask).toBeHidden();
  // The session that was kept is asked about again; whoever closes the question is not asked a second time.
  await page.clock.fastForward("27:30");
  await expect(ask).toBeHidden();
  await page.clock.fastForward("01:00");
  await expect(ask).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(ask).toBeHidden();
  await page.clock.fastForward("01:00");
  await expect(ask).toBeHidden();
  // Past the end there is nothing to stay for: it says what to do, and the words on the page are left alone.
  await page.clock.fastForward("01:00");
  await expect(ask).toContainText("You are signed out now");
  await expect(stay).toBeHidden();
  await expect(ask.getByRole("button", { name: "Close" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(ask).toBeHidden();
});

test("without JavaScript a sentence says when the session ends", async ({ noScripts }) => {
  await signIn(noScripts, officer());
  await noScripts.goto("/my-data");
  await expect(noScripts.locator("#session-ends")).toContainText(/If you do nothing here, you are signed out .+\d/);
  await expect(noScripts.getByRole("dialog")).toHaveCount(0);
  await noScripts.goto("/sign-in");
  await expect(noScripts.locator("#session-ends"), "the same page when signed in").toBeVisible();
});

test("a password can be pasted, and shown where scripts run", async ({ page }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/sign-in");
  await page.getByText("I work for the council").click();
  await page.evaluate(() => navigator.clipboard.writeText("three quiet lamps"));
  const field = page.getByLabel("Your password");
  await field.click();
  await page.keyboard.press("Control+V");
  await expect(field).toHaveValue("three quiet lamps");
  await expect(field).toHaveAttribute("type", "password");
  const show = page.getByRole("button", { name: "Show" });
  await show.click();
  await expect(field).toHaveAttribute("type", "text");
  const hide = page.getByRole("button", { name: "Hide" });
  await expect(hide).toHaveAttribute("aria-pressed", "true");
  await hide.click();
  await expect(field).toHaveAttribute("type", "password");
});

test("without JavaScript there is no Show button that would do nothing", async ({ noScripts }) => {
  await noScripts.goto("/sign-in");
  await noScripts.getByText("I work for the council").click();
  await expect(noScripts.getByLabel("Your password")).toBeVisible();
  await expect(noScripts.getByRole("button", { name: "Show" })).toBeHidden();
});
