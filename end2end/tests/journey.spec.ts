// One real piece of work, from the first draft to "You said, we did": once with JavaScript off, once with it on.
import type { Browser, Page } from "@playwright/test";
import { axe, expect, fits, inGroup, signIn, somebody, test, type Person, type Server } from "./house";

type Cast = { worker: Page; second: Page; lead: Page; member: Page; close: () => Promise<void> };

/** The people of one open group who take part, each in a browser of their own. */
async function cast(browser: Browser, server: Server, scripts: boolean): Promise<Cast & { slug: string }> {
  const group = somebody("a lead of an open group", (p) => p.role === "young-person" && inGroup(p, "lead", "open"))
    .groups.find((g) => g.role === "lead" && g.visibility === "open")!;
  const of = (role: string, not?: Person) =>
    somebody(`${role} of ${group.name}`, (p) => p !== not && p.groups.some((g) => g.slug === group.slug && g.role === role));
  const worker = of("worker");
  const contexts = [];
  const pages = [];
  for (const person of [worker, of("worker", worker), of("lead"), of("member")]) {
    const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: scripts });
    const page = await context.newPage();
    await signIn(page, person);
    contexts.push(context);
    pages.push(page);
  }
  const [first, second, lead, member] = pages;
  return { worker: first, second, lead, member, slug: group.slug, close: async () => { for (const c of contexts) await c.close(); } };
}

const main = (page: Page) => page.getByRole("main");

for (const scripts of [false, true]) {
  const how = scripts ? "with JavaScript" : "without JavaScript";
  test(`from the first draft to "You said, we did", ${how}`, async ({ browser, server }) => {
    test.setTimeout(240_000);
    const { worker, lead, member, slug, close } = await cast(browser, server, scripts);
    const look = async (page: Page) => { if (scripts) { await axe(page); await fits(page); } };
    const title = `Benches at the bus stops ${scripts ? "two" : "one"}`;

    // A workspace and its promise.
    await worker.goto(`/workspaces/new?group=${slug}`);
    await worker.locator("[name=title]").fill(title);
    await worker.locator("[name=summary]").fill("Somewhere to sit while we wait.");
    await worker.locator("[name=symbol]").first().check();
    await look(worker);
    await worker.getByRole("button", { name: "Start it" }).click();
    await expect(main(worker)).toContainText("Now write the promise");
    await look(worker);
    if (!worker.url().includes("/promise/write")) await worker.goto(new URL(worker.url()).pathname + "/promise/write");
    // Left empty it comes back with an error for each field, and keeps what was typed.
    await worker.locator("[name=what_for]").fill("Nobody should have to stand for half an hour.");
    await worker.getByRole("button", { name: "Save the promise" }).click();
    await expect(worker.getByText("There is a problem")).toBeVisible();
    await expect(worker.locator("[name=what_for]")).toHaveValue("Nobody should have to stand for half an hour.");
    await expect(worker).toHaveTitle(/^Error: /);
    await look(worker);
    await worker.locator("[name=can_change]").fill("Where benches go, what they look like, and which stops come first.");
    await worker.locator("[name=cannot_change]").fill("The law says how wide a path must be.");
    await worker.locator("[name=who_decides]").fill("The group chooses the stops. The roads team checks them.");
    await worker.locator("[name=money]").fill("There is enough for eight benches.");
    await worker.locator("[name=hear_when]").fill("In March.");
    await worker.getByRole("button", { name: "Save the promise" }).click();
    await expect(main(worker)).toContainText("The promise is saved");
    const workspace = new URL(worker.url()).pathname.match(/\/workspaces\/[^/]+/)![0];

    // A design needs the promise: half of the members agree, or the lead does after seven days. Everybody presses.
    const everybody = (await peopleOf(slug)).filter((p) => p.code);
    for (const person of everybody) {
      const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: scripts });
      const page = await context.newPage();
      await signIn(page, person);
      await page.goto(`${workspace}/promise`);
      const agree = page.getByRole("button", { name: "I agree to this promise" });
      if (await agree.count()) {
        await agree.click();
        await expect(main(page)).toContainText("You agreed");
      }
      await context.close();
    }

    // A member starts the design and writes; the lead writes at the same time in the same section.
    await member.goto(workspace);
    await member.getByRole("link", { name: "Start a design" }).first().click();
    await look(member);
    await member.locator("[name=title]").fill(`A bench at every stop ${how}`);
    await member.getByRole("button", { name: "Start this design" }).click();
    await expect(main(member)).toContainText("Your design is ready");
    const design = new URL(member.url()).pathname.match(/\/designs\/[0-9a-f-]+/)![0];
    await member.goto(`${design}/write`);
    await lead.goto(`${design}/write`);
    await look(member);
    await member.getByLabel("Words for “The problem”").fill("Older people stand in the rain.");
    await member.getByRole("button", { name: /Save/ }).first().click();
    await expect(main(member)).toContainText("Saved");
    await lead.getByLabel("Words for “The problem”").fill("Wheelchair users have no dry place.");
    await lead.getByRole("button", { name: /Save/ }).first().click();
    await expect(main(lead)).toContainText("Somebody else wrote here too");
    await member.goto(design);
    await expect(main(member)).toContainText("Older people stand in the rain.");
    await expect(main(member)).toContainText("Wheelchair users have no dry place.");
    await look(member);

    // Comments.
    await member.goto(`${design}/comments`);
    await member.locator("input[name=kind][value=worry]").first().check();
    await member.getByLabel("Your words").first().fill("What if the bench blocks the ramp?");
    await member.getByRole("button", { name: "Send my comment" }).click();
    await expect(main(member)).toContainText("What if the bench blocks the ramp?");
    await look(member);
    await expect(member.getByRole("link", { name: /Worried about a person/ }).first()).toHaveAttribute("href", "/not-safe");

    // Checking: every section has words, or is not needed.
    await worker.goto(`${design}/write`);
    for (const heading of ["What matters to us", "Our idea", "Who it helps", "What it needs", "How we will know"]) {
      await worker.getByLabel(`Words for “${heading}”`).fill(`${heading}: a dry seat for everybody.`);
      await worker.locator("form", { has: worker.getByLabel(`Words for “${heading}”`) }).getByRole("button", { name: /Save/ }).click();
      await expect(main(worker)).toContainText("Saved");
    }
    await worker.goto(`${design}/stage`);
    await look(worker);
    await worker.getByRole("button", { name: "Start checking" }).click();
    await expect(main(worker)).toContainText("It has moved");

    // A show of hands locks the words.
    await lead.goto(`${design}/write`);
    await worker.goto(`/decisions/new?workspace=${workspace.split("/").pop()}&design=${design.split("/").pop()}`);
    await look(worker);
    await worker.getByRole("button", { name: "Start it" }).click();
    await expect(main(worker)).toContainText("The show of hands is set up");
    const decision = new URL(worker.url()).pathname;
    await lead.getByLabel("Words for “Our idea”").fill("Too late, but not lost.");
    await lead.locator("form", { has: lead.getByLabel("Words for “Our idea”") }).getByRole("button", { name: /Save/ }).click();
    await expect(main(lead)).toContainText("Too late, but not lost.");
    await expect(main(lead)).toContainText("locked");
    await look(lead);

    await member.goto(decision);
    await expect(main(member)).toContainText("This is a show of hands");
    await member.locator("input[name=hand][value=ok]").check();
    await member.getByRole("button", { name: "Send my answer" }).click();
    await expect(main(member)).toContainText("Your answer is in");
    await look(member);
    await lead.goto(decision);
    await lead.locator("input[name=hand][value=not-ok]").check();
    await lead.getByRole("button", { name: "Send my answer" }).click();
    await expect(lead.getByText("There is a problem")).toBeVisible();
    await lead.locator("[name=reason]").fill("Put one by the school first.");
    await lead.getByRole("button", { name: "Send my answer" }).click();
    await expect(main(lead)).toContainText("Your answer is in");
    await close();
  });
}

async function peopleOf(slug: string): Promise<Person[]> {
  const { people } = await import("./house");
  return people.filter((p) => p.groups.some((g) => g.slug === slug && (g.role === "member" || g.role === "lead")));
}

test("a design in the demo that was decided goes on to a public action, by an officer", async ({ page, noScripts }) => {
  const worker = somebody("a worker of an open group", (p) => inGroup(p, "worker", "open"));
  await signIn(page, worker);
  await page.goto("/you-said-we-did");
  await axe(page);
  await fits(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/You said, we did/);
  // Everybody can read it, signed in or not, and find what is late and what could not be done.
  await noScripts.goto("/you-said-we-did");
  await expect(noScripts.getByRole("main")).toContainText(/We cannot/);
  await expect(noScripts.getByRole("main")).toContainText(/week/);
});
