// The whole journey by keyboard only: a young person and a worker, from signing in to the action. No mouse, no touch, no
// shortcut of the test's own. At every press what has the focus must be seen: in the window, not covered (WCAG 2.4.11), with
// a whole ring around it (2.4.7, 2.4.13).
import type { Browser, Page } from "@playwright/test";
import { expect, inGroup, look, main, newPage, people, signIn, somebody, startServer, stopServer, test, type Person, type Server } from "./house";
import { daysLater } from "./server";

/** Somebody who has a keyboard and nothing else. */
class Keys {
  presses = 0;
  readonly wrong: string[] = [];
  constructor(readonly page: Page, readonly who: string) {}

  async press(key: string) {
    await this.page.keyboard.press(key);
    this.presses += 1;
  }

  /** What is seen of the focus now. */
  private async see() {
    for (const words of await look(this.page, "focused")) this.wrong.push(`${this.who} on ${new URL(this.page.url()).pathname}: ${words}`);
  }

  /** What a screen reader would call it: the group's name, then its own. */
  private name(): Promise<string> {
    return this.page.evaluate(() => {
      const e = document.activeElement as HTMLInputElement | null;
      if (!e || e === document.body) return "";
      const label = e.labels?.length ? [...e.labels].map((l) => l.textContent).join(" ") : e.getAttribute("aria-label") ?? e.textContent ?? "";
      const group = e.matches("input") ? e.closest("fieldset")?.querySelector("legend")?.textContent ?? "" : "";
      return [group, label].join(" ").replace(/\s+/g, " ").trim();
    });
  }

  /** Tab until it is reached. */
  async to(what: string | RegExp, key = "Tab") {
    const passed: string[] = [];
    for (let i = 0; i < 400; i++) {
      await this.press(key);
      const name = await this.name();
      // Behind the last one stands the browser itself; the next press comes in again.
      if (name === "") continue;
      await this.see();
      if (typeof what === "string" ? name === what : what.test(name)) return;
      passed.push(name.slice(0, 40));
    }
    throw new Error(`${this.who} cannot reach ${what} on ${this.page.url()}: ${[...new Set(passed)].join(" | ")}`);
  }

  /** Enter, or another key, that opens another page. */
  async go(key = "Enter") {
    const loaded = this.page.waitForEvent("load");
    await this.press(key);
    await loaded;
    const status = await this.page.evaluate(() => (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming).responseStatus);
    expect(status, this.page.url()).toBeLessThan(500);
  }

  async follow(what: string | RegExp) {
    await this.to(what);
    await this.go();
  }

  async write(what: string | RegExp, words: string) {
    await this.to(what);
    await this.press("Control+A");
    await this.page.keyboard.type(words);
    await this.see();
    expect(await this.page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe(words);
  }

  /** One of a group of radios: Space on the first, arrows from there. */
  async choose(group: string | RegExp, value: string) {
    await this.to(group);
    const now = () => this.page.evaluate(() => (document.activeElement as HTMLInputElement).value);
    const chosen = () => this.page.evaluate(() => (document.activeElement as HTMLInputElement).checked);
    for (let i = 0; i < 40; i++) {
      if ((await now()) === value) {
        if (!(await chosen())) await this.press("Space");
        expect(await chosen()).toBe(true);
        await this.see();
        return;
      }
      await this.press("ArrowDown");
      await this.see();
    }
    throw new Error(`no ${value} in ${group}`);
  }

  async reads(words: string | RegExp) {
    await expect(main(this.page)).toContainText(words);
  }

  /** By card, or by name and password, from the front door. */
  async signIn(person: Person) {
    await this.page.goto("/");
    if (person.code) {
      await this.follow("Sign in with your card");
      await this.write("The code on your card", person.code);
      for (const [i, picture] of person.pictures!.entries()) await this.choose(new RegExp(`^Picture ${i + 1} on your card`), picture);
      await this.to("Sign in");
      await this.go();
    } else {
      await this.follow("Sign in");
      await this.to("I work for the council");
      await this.press("Enter");
      await this.write("Your sign-in name", person.sign_in_name!);
      await this.write("Your password", person.password!);
      await this.follow("Sign in with a password");
    }
    await expect(this.page).not.toHaveURL(/sign-in/);
  }
}

/** Others of the group, who agree to the promise and raise their hands by whatever they have. */
async function others(browser: Browser, server: Server, wrongs: string[], all: Person[], act: (page: Page) => Promise<boolean>) {
  for (const person of all) {
    const page = await newPage(browser, server, wrongs);
    await signIn(page, person);
    const enough = await act(page);
    await page.context().close();
    if (enough) return;
  }
}

test("the whole journey by keyboard alone", async ({ browser, wrongs }) => {
  test.setTimeout(300_000);
  const server = await startServer();
  const group = somebody("a lead of an open group", (p) => p.role === "young-person" && inGroup(p, "lead", "open"))
    .groups.find((g) => g.role === "lead" && g.visibility === "open")!;
  const inside = (role: string) => people().filter((p) => p.groups.some((g) => g.slug === group.slug && g.role === role));
  const [officer] = inside("worker");
  const [robin, ...rest] = [...inside("lead"), ...inside("member")].filter((p) => p.code);
  try {
    const [worker, young] = await Promise.all([newPage(browser, server, wrongs), newPage(browser, server, wrongs)]);
    const w = new Keys(worker, officer.name);
    const y = new Keys(young, robin.name);

    // The worker opens a workspace and writes its promise.
    await w.signIn(officer);
    await w.to("Skip to main content");
    await w.press("Enter");
    await w.follow(group.name);
    await w.follow("Start a workspace");
    await w.write("What is it called?", "A path by keyboard");
    await w.write("What is it about?", "A path that wheels can use.");
    await w.choose(/^Symbol|^Which symbol|^Choose a symbol|symbol/i, await worker.locator("[name=symbol]").first().inputValue());
    await w.follow("Start it");
    await w.reads("Now write the promise");
    if (!worker.url().includes("/promise/write")) await w.follow("Write the promise");
    const workspace = new URL(worker.url()).pathname.match(/\/workspaces\/[^/]+/)![0];
    // Too early: the summary of errors takes the focus, and its first link goes to the field.
    await w.write("What this is for", "Wheels need a path.");
    await w.follow("Save the promise");
    await expect(worker.locator("#error-summary")).toBeFocused();
    await w.to(/./);
    await w.press("Enter");
    await expect(worker.locator("[name=can_change]")).toBeFocused();
    await worker.keyboard.type("Where the path goes.");
    await w.write("What cannot change, and why", "The river stays where it is.");
    await w.write("Who decides", "The group.");
    await w.write("The money", "There is enough for one path.");
    await w.write("When you will hear", "In May.");
    await w.follow("Save the promise");
    await w.reads("The promise is saved");

    // The young person agrees, and so do others.
    await y.signIn(robin);
    await y.follow(/^Read the promise: A path by keyboard/);
    await y.follow("I agree to this promise");
    await y.reads("You agreed");
    await others(browser, server, wrongs, rest, async (page) => {
      await page.goto(`${workspace}/promise`);
      await page.getByRole("button", { name: "I agree to this promise" }).click();
      return (await main(page).textContent())!.includes("Agreed by the group");
    });

    // They start a design, write all of it, and say something about it.
    await young.goto(workspace);
    await y.follow("Start a design");
    await y.write(/^What is it called\?/, "A path along the river");
    await y.follow("Start this design");
    await y.reads("Your design is ready");
    if (!young.url().endsWith("/write")) await y.follow("Write");
    for (const heading of ["The problem", "What matters to us", "Our idea", "Who it helps", "What it needs", "How we will know"]) {
      await y.write(`Words for “${heading}”`, `${heading}: wheels and feet on one path.`);
      await y.follow(`Save: ${heading}`);
      await y.reads("Saved");
    }
    await y.follow("Read the whole design");
    await y.follow("Say what you think");
    await y.choose(/^Which part is it about\?/, await young.locator("[name=section]").first().inputValue());
    await y.choose(/^What do you want to say\?/, "idea");
    await y.write("Your words", "Put lamps along it.");
    await y.follow("Send my comment");
    await y.reads("Put lamps along it.");
    // Answering is folded away; it opens by Enter.
    await y.to(/^Answer (my own words|the words of)/);
    await y.press("Enter");
    await y.write("Your answer", "Small ones.");
    await y.follow("Send my answer");
    await y.reads("Small ones.");

    // The worker moves it to checking and asks the group.
    await worker.goto(workspace);
    await w.follow("A path along the river");
    await w.follow("Move it on");
    await w.follow("Start checking");
    await w.follow("Ask the group to decide");
    await w.write(/^How many must take part/, "5");
    await w.follow("Start it");
    await w.reads("The show of hands is set up");

    // The young person raises a hand, and changes their mind.
    await young.goto("/");
    await y.follow(/^Vote now: Are you OK with “A path along the river”/);
    await y.choose(/^Your answer/, "not-sure");
    await y.follow("Send my answer");
    await y.reads("Your answer is in");
    await y.choose(/^Your answer/, "ok");
    await y.write(/^Why do you say that/, "It has lamps.");
    await y.follow("Change my answer");
    await y.reads("Your answer is in");

    // It closes. Everybody signs in again.
    for (const page of [worker, young]) await page.goto("about:blank");
    await daysLater(server, 8);
    await w.signIn(officer);
    await worker.goto(workspace);
    await w.follow(/^Are you OK with “A path along the river”/);
    await w.follow("See the result");
    await w.reads("It passed.");
    await w.follow("See what was decided");
    await w.write("What was decided?", "The path is built.");
    await w.write("Why?", "Nobody was against it.");
    await w.write("What happens next?", "We draw it. You hear more in May.");
    await w.choose(/^Is this what the vote said/, "same");
    await w.follow("Write it down");
    await w.reads("What was decided is written down");
    await w.follow("Add an action");
    await w.write("What is it called?", "The path along the river");
    await w.write("You said", "We want one path for wheels and feet.");
    await w.write("We will", "Build it this summer.");
    await w.write("The role of who does it", "path builder");
    await w.follow("Add the action");
    await w.reads("The action is added");
    await w.follow("Write an update");
    await w.choose(/^Where does it stand now/, "done");
    await w.write("What happened?", "The path is open.");
    await w.follow("Send the update");
    await w.reads("The path is open.");

    // The young person says whether it worked, and leaves.
    await y.signIn(robin);
    await y.follow(/^Say if it worked: The path along the river/);
    await y.choose(/^Did it work\?/, "yes");
    await y.follow("Send my answer");
    await y.reads("You said: Yes");
    await y.follow("Sign out");

    expect([...new Set([...w.wrong, ...y.wrong])], `seen at ${w.presses + y.presses} presses`).toEqual([]);
    expect(w.presses + y.presses).toBeGreaterThan(300);
  } finally {
    await stopServer(server);
  }
});

test("the menu of narrow screens opens, closes and lets the focus out", async ({ browser, server, wrongs }) => {
  const page = await newPage(browser, server, wrongs, { viewport: { width: 320, height: 640 } });
  await signIn(page, somebody("a worker", (p) => inGroup(p, "worker", "open")));
  await page.goto("/");
  const k = new Keys(page, "somebody on a phone");
  await k.to("Menu");
  await k.press("Enter");
  await k.to("Groups");
  await k.press("Escape");
  await expect(page.locator(".menu-small summary")).toBeFocused();
  await expect(page.locator(".menu-small")).not.toHaveAttribute("open");
  await k.press("Enter");
  await k.to("Leave now");
  await expect(page.locator(".menu-small")).not.toHaveAttribute("open");
  expect(k.wrong).toEqual([]);
  await page.context().close();
});
