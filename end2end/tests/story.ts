// One real piece of work, from the promise to "Did it work?": the same steps for every way of going through it.
import type { Browser, Locator, Page } from "@playwright/test";
import { axe, expect, fits, inGroup, look, main, newPage, people, refusal, signIn, signInHere, somebody, type Person, type Server } from "./house";
import { daysLater } from "./server";

/** `seen`: these pages are looked at in another run already. */
export type Way = { scripts: boolean; title: string; seen?: boolean };

const said = (page: Page, words: string | RegExp) => expect(main(page)).toContainText(words);
const press = (page: Page, name: string | RegExp) => main(page).getByRole("button", { name }).first().click();

/** The form around a field: pages may have several with the same button. */
const formOf = (page: Page, field: Locator) => page.locator("form", { has: field });

/** Goes through the whole of it. `wrongs` collects what the guards of the browsers see. */
export async function story(browser: Browser, server: Server, wrongs: string[], way: Way) {
  const group = somebody("a lead of an open group", (p) => p.role === "young-person" && inGroup(p, "lead", "open"))
    .groups.find((g) => g.role === "lead" && g.visibility === "open")!;
  const inside = (role: string) => people().filter((p) => p.groups.some((g) => g.slug === group.slug && g.role === role));
  const [worker, second] = inside("worker");
  const [lead] = inside("lead");
  const members = inside("member").filter((p) => p.code);
  const visit = async (person?: Person) => {
    const page = await newPage(browser, server, wrongs, { javaScriptEnabled: way.scripts, ignoreHTTPSErrors: server.url.startsWith("https:") });
    if (person) await signIn(page, person);
    return page;
  };
  /** After every step: nothing is wrong with the page as it is now. */
  const good = async (page: Page) => {
    if (way.seen) return;
    await axe(page);
    await fits(page);
    // From the top: an address with a part in it has scrolled, and what is below the head of the page lies under it.
    await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
    for (const gate of ["fits", "targets", "standing"] as const) expect.soft(await look(page, gate), page.url()).toEqual([]);
  };
  /** The form was refused: in words, first of all, with a way to each field. */
  const refused = async (page: Page, times = 1) => {
    await expect(page.getByText("There is a problem")).toBeVisible();
    await expect(page).toHaveTitle(/^Error: /);
    await expect(page.locator("main > #error-summary:first-child a")).toHaveCount(times);
    // The focus is moved by a script.
    if (way.scripts) expect((await refusal(page)).wrong, page.url()).toEqual([]);
    await good(page);
  };
  const [sal, dev, robin, asha] = await Promise.all([worker, second, lead, members[0]].map((p) => visit(p)));

  // The group asks for words to be checked first.
  await sal.goto(`/groups/${group.slug}/settings`);
  await sal.locator("input[name=checking][value=hold-all]").check();
  await press(sal, "Save settings");
  await good(sal);

  // A workspace and its promise. Left empty the promise comes back with an error for each field, and keeps what was typed.
  await sal.goto(`/workspaces/new?group=${group.slug}`);
  await sal.locator("[name=title]").fill(way.title);
  await sal.locator("[name=summary]").fill("Somewhere to sit while we wait.");
  await sal.locator("[name=symbol]").first().check();
  await press(sal, "Start it");
  await said(sal, "Now write the promise");
  await good(sal);
  const workspace = new URL(sal.url()).pathname.match(/\/workspaces\/[^/]+/)![0];
  if (!sal.url().includes("/promise/write")) await sal.goto(`${workspace}/promise/write`);
  await sal.locator("[name=what_for]").fill("Nobody should have to stand for half an hour.");
  await press(sal, "Save the promise");
  await refused(sal, 5);
  await expect(sal.locator("[name=what_for]")).toHaveValue("Nobody should have to stand for half an hour.");
  await sal.locator("[name=can_change]").fill("Where benches go, what they look like, and which stops come first.");
  await sal.locator("[name=cannot_change]").fill("The law says how wide a path must be.");
  await sal.locator("[name=who_decides]").fill("The group chooses the stops. The roads team checks them.");
  await sal.locator("[name=money]").fill("There is enough for eight benches.");
  await sal.locator("[name=hear_when]").fill("In March.");
  await press(sal, "Save the promise");
  await said(sal, "The promise is saved");
  await good(sal);

  // Before it is agreed there is no design. Half of the members agree, each with one press.
  await asha.goto(workspace);
  await expect(main(asha).getByRole("link", { name: "Start a design" })).toHaveCount(0);
  for (const [n, person] of [lead, ...members].entries()) {
    const page = [robin, asha][n] ?? (await visit(person));
    await page.goto(`${workspace}/promise`);
    await press(page, "I agree to this promise");
    await said(page, "You agreed");
    if (n < 2) await good(page);
    const agreed = (await main(page).textContent())!.includes("Agreed by the group");
    if (n > 1) await page.context().close();
    if (agreed) break;
  }
  await asha.goto(`${workspace}/promise`);
  await said(asha, "Agreed by the group");

  // A member starts the design and writes; the lead writes at the same time in the same section. Nothing is lost.
  await asha.goto(workspace);
  await main(asha).getByRole("link", { name: "Start a design" }).first().click();
  await good(asha);
  const designTitle = `A bench at every stop, ${way.title}`;
  await asha.locator("[name=title]").fill(designTitle);
  await press(asha, "Start this design");
  await said(asha, "Your design is ready");
  const design = new URL(asha.url()).pathname.match(/\/designs\/[0-9a-f-]+/)![0];
  await asha.goto(`${design}/write`);
  await robin.goto(`${design}/write`);
  await good(asha);
  const words = (page: Page, heading: string) => page.getByLabel(`Words for “${heading}”`);
  const save = async (page: Page, heading: string, text: string) => {
    await words(page, heading).fill(text);
    // Where scripts run, what is on its way is waited for before the form goes.
    const gone = page.waitForEvent("framenavigated");
    await formOf(page, words(page, heading)).getByRole("button", { name: /Save/ }).click();
    await gone;
  };
  await save(asha, "The problem", "Older people stand in the rain.");
  await said(asha, "Saved");
  await good(asha);
  if (way.scripts) {
    // What Asha wrote stands in Robin's box by itself, and Robin writes behind it.
    await expect(words(robin, "The problem")).toHaveValue("Older people stand in the rain.");
    await save(robin, "The problem", "Older people stand in the rain. Wheelchair users have no dry place.");
    await said(robin, "Saved");
  } else {
    await save(robin, "The problem", "Wheelchair users have no dry place.");
    await said(robin, "Somebody else wrote here too");
  }
  await asha.goto(design);
  await said(asha, "Older people stand in the rain.");
  await said(asha, "Wheelchair users have no dry place.");
  await good(asha);

  // A comment is held; its author sees it and nobody else does; the worker publishes it.
  await asha.goto(`${design}/comments`);
  await asha.locator("input[name=section]").first().check();
  await asha.locator("input[name=kind][value=worry]").first().check();
  await expect(asha.getByRole("link", { name: /Worried about a person/ }).first()).toHaveAttribute("href", "/not-safe");
  await asha.getByLabel("Your words").first().fill("What if the bench blocks the ramp?");
  await press(asha, "Send my comment");
  await said(asha, "A person will check it");
  await said(asha, "What if the bench blocks the ramp?");
  await said(asha, "Waiting to be checked");
  await good(asha);
  await robin.goto(`${design}/comments`);
  await expect(main(robin)).not.toContainText("What if the bench blocks the ramp?");
  await sal.goto("/moderation");
  await good(sal);
  const card = sal.locator("li.card", { hasText: "What if the bench blocks the ramp?" });
  await card.getByRole("button", { name: /Publish/ }).click();
  await said(sal, "Checked. People can see these words");
  await good(sal);
  await robin.goto(`${design}/comments`);
  await said(robin, "What if the bench blocks the ramp?");
  // One answer, one level down, held and published as well; then the author takes back something of their own.
  const thread = robin.locator("li", { hasText: "What if the bench blocks the ramp?" }).last();
  await thread.locator("summary", { hasText: "Answer" }).click();
  await thread.getByLabel("Your answer").fill("We put it on the other side.");
  await thread.getByRole("button", { name: "Send my answer" }).click();
  await said(robin, "We put it on the other side.");
  await good(robin);
  await sal.goto("/moderation");
  await sal.locator("li.card", { hasText: "We put it on the other side." }).getByRole("button", { name: /Publish/ }).click();
  await said(sal, "Checked. People can see these words");
  await asha.goto(`${design}/comments`);
  await said(asha, "We put it on the other side.");

  // Checking: every section has words, or is not needed.
  await sal.goto(`${design}/write`);
  for (const heading of ["What matters to us", "Our idea", "Who it helps", "What it needs"]) {
    await save(sal, heading, `${heading}: a dry seat for everybody.`);
    await said(sal, "Saved");
  }
  await sal.goto(`${design}/stage`);
  await said(sal, "These parts have no words yet");
  await good(sal);
  await sal.goto(`${design}/write`);
  const last = sal.locator("section", { has: words(sal, "How we will know") });
  await last.locator("summary").click();
  await last.getByRole("button", { name: /We do not need this part/ }).click();
  await said(sal, "Not needed");
  await good(sal);
  await sal.goto(`${design}/stage`);
  await press(sal, "Start checking");
  await said(sal, "It has moved");
  await good(sal);

  // A show of hands, with a quorum and a pass rule, until next week. It locks the words.
  for (const page of [robin, dev]) await page.goto(`${design}/write`);
  await sal.goto(`${design}/stage`);
  await main(sal).getByRole("link", { name: "Ask the group to decide" }).click();
  await good(sal);
  await sal.locator("input[name=pass_rule][value=more-ok]").check();
  await sal.locator("[name=quorum]").fill("10");
  await press(sal, "Start it");
  await said(sal, "The show of hands is set up");
  const decision = new URL(sal.url()).pathname;
  await good(sal);
  await save(robin, "Our idea", "Too late, but not lost.");
  await said(robin, "Too late, but not lost.");
  await said(robin, "locked");
  await good(robin);

  await asha.goto(decision);
  await said(asha, "This is a show of hands");
  await asha.locator("input[name=hand][value=ok]").check();
  await press(asha, "Send my answer");
  await said(asha, "Your answer is in");
  await good(asha);
  await robin.goto(decision);
  await robin.locator("input[name=hand][value=not-ok]").check();
  await press(robin, "Send my answer");
  await refused(robin);
  await robin.locator("[name=reason]").fill("Put one by the school first.");
  await press(robin, "Send my answer");
  await said(robin, "Your answer is in");
  const third = await visit(members[1]);
  await third.goto(decision);
  await third.locator("input[name=hand][value=ok]").check();
  await press(third, "Send my answer");
  await said(third, "Your answer is in");
  // A worker is not on the roll, and nobody sees a result yet.
  await sal.goto(decision);
  await expect(sal.locator("input[name=hand]")).toHaveCount(0);
  await asha.goto(`${decision}/result`);
  await said(asha, "There is no result yet");
  // Nothing is decided before it closes.
  await sal.goto(`${design}/outcome`);
  await said(sal, "The vote is still open");
  await expect(sal.locator("[name=words]")).toHaveCount(0);

  // Somebody is about to change their answer when it closes.
  await asha.goto(decision);
  await asha.locator("[name=reason]").fill("It is good, but paint it green.");
  await asha.locator("input[name=hand][value=not-sure]").check();

  // Eight days later it has closed. Everybody is asked to sign in again, and what was typed is not lost: not by somebody
  // whose vote has closed meanwhile, and not by somebody whose words were locked.
  for (const page of [sal, robin, third]) await page.goto("about:blank");
  await daysLater(server, 8);
  await press(asha, "Change my answer");
  await said(asha, "What you typed is kept for you");
  await good(asha);
  await signInHere(asha, members[0]);
  await said(asha, "It is good, but paint it green.");
  await expect(asha.locator("input[name=hand]")).toHaveCount(0);
  await good(asha);
  await save(dev, "Our idea", "Written a week too late.");
  await said(dev, "What you typed is kept for you");
  await signInHere(dev, second);
  await said(dev, "locked");
  await said(dev, "Written a week too late.");
  await good(dev);
  for (const [page, person] of [[sal, worker], [robin, lead], [third, members[1]]] as [Page, Person][]) {
    await page.goto("/my-data");
    await expect(page).toHaveURL(/sign-in/);
    await signInHere(page, person);
    await expect(page).toHaveURL(/my-data/);
  }

  // The result, for members: a sentence, a table, a chart with text, and each hand and reason by name.
  await asha.goto(`${decision}/result`);
  await said(asha, "It passed. 2 said OK, 0 were not sure, 1 said not OK.");
  await expect(asha.getByRole("table")).toContainText("Not OK");
  await expect(asha.getByRole("img")).toHaveAttribute("aria-label", /2 said OK/);
  await expect(asha.locator("figcaption")).toContainText("2 said OK");
  await said(asha, `${lead.name} said not OK`);
  await said(asha, `${members[1].name} said OK`);
  await good(asha);
  // For a visitor who has not signed in: the decision, and neither numbers nor names, because so few took part.
  const nobody = await visit();
  for (const path of [decision, `${decision}/result`]) {
    await nobody.goto(path);
    await expect(main(nobody)).not.toContainText(/\d said OK|by the school|was not sure/);
    for (const person of [lead, members[0], members[1]]) await expect(main(nobody)).not.toContainText(new RegExp(`\\b${person.name}\\b`));
  }
  await said(nobody, "It passed.");
  await said(nobody, "We do not show numbers here");
  await expect(nobody.getByRole("table")).toHaveCount(0);
  await good(nobody);
  // Late is late: the form is gone, and the words stay locked.
  await third.goto(decision);
  await expect(third.locator("input[name=hand]")).toHaveCount(0);
  await third.goto(`${design}/write`);
  await said(third, "locked");

  // The outcome in plain words, empty first.
  await sal.goto(`${design}/outcome`);
  await press(sal, "Write it down");
  await refused(sal, 4);
  await sal.locator("[name=words]").fill("Eight stops get a bench this year.");
  await sal.locator("[name=why]").fill("More of you said OK than not OK.");
  await sal.locator("[name=next]").fill("We order the benches. You hear more in March.");
  await sal.locator("input[name=differs][value=same]").check();
  await press(sal, "Write it down");
  await said(sal, "What was decided is written down");
  await good(sal);

  // Two actions. The owner's role is public, the name is for the group.
  const act = async (title: string, weWill: string) => {
    await sal.goto(`${design}/outcome`);
    await main(sal).getByRole("link", { name: "Add an action" }).click();
    await sal.locator("[name=title]").fill(title);
    await sal.locator("[name=you_said]").fill("We stand in the rain.");
    await sal.locator("[name=we_will]").fill(weWill);
    await sal.locator("[name=owner_role]").fill("roads manager");
    await sal.locator("input[name=shown]").check();
    await press(sal, "Add the action");
    await said(sal, "The action is added");
    await good(sal);
    return new URL(sal.url()).pathname;
  };
  const benches = await act(`Benches, ${way.title}`, "Put up eight benches.");
  const roofs = await act(`Roofs, ${way.title}`, "Put a roof on two stops.");
  const update = async (at: string, status: string, happened: string, reason = "") => {
    await sal.goto(`${at}/update`);
    await sal.locator(`input[name=status][value=${status}]`).check();
    await sal.locator("[name=words]").fill(happened);
    await sal.locator("[name=reason]").fill(reason);
    await press(sal, "Send the update");
  };
  await update(benches, "doing", "Four benches are up.");
  await said(sal, "The update is added");
  await good(sal);
  // A change needs its reason, which everybody can read.
  await update(roofs, "changed", "One stop gets a roof.");
  await refused(sal);
  await expect(sal.locator("[name=words]")).toHaveValue("One stop gets a roof.");
  await update(roofs, "changed", "One stop gets a roof.", "The second stop moves next year.");
  await said(sal, "The update is added");
  // The design is not done while an action is going on.
  await sal.goto(`${design}/stage`);
  await said(sal, "it still goes on");
  await expect(main(sal).getByRole("button", { name: "It is done" })).toHaveCount(0);
  await update(benches, "done", "All eight benches are up.");
  await said(sal, "The update is added");

  // Those who asked say whether it worked; the reason is for workers only.
  await asha.goto(benches);
  await asha.locator("input[name=answer][value=a-bit]").check();
  await asha.locator("[name=why]").fill("The one by the school wobbles.");
  await press(asha, "Send my answer");
  await said(asha, "Thank you for telling us");
  await good(asha);
  await robin.goto(benches);
  await expect(main(robin)).not.toContainText("wobbles");
  await robin.locator("input[name=answer][value=yes]").check();
  await press(robin, "Send my answer");
  await said(robin, "You said: Yes");
  await good(robin);
  await sal.goto(benches);
  await said(sal, "The one by the school wobbles.");

  // Everybody can read it, signed in or not: what was asked, what was done, and why something changed. No names.
  await nobody.goto(`/you-said-we-did?words=${encodeURIComponent(way.title)}`);
  const shown = nobody.locator("li.card", { hasText: way.title });
  await expect(shown).toHaveCount(2);
  await expect(shown.filter({ hasText: "Benches, " })).toContainText("We did it");
  await expect(shown.filter({ hasText: "Benches, " })).toContainText("All eight benches are up.");
  await expect(shown.filter({ hasText: "Roofs, " })).toContainText("The second stop moves next year.");
  await expect(main(nobody)).not.toContainText(worker.name);
  await expect(main(nobody)).not.toContainText("wobbles");
  await good(nobody);

  // The design is done.
  await sal.goto(`${design}/stage`);
  await press(sal, "It is done");
  await said(sal, "It has moved");
  await good(sal);
  await nobody.goto(design);
  await said(nobody, "Older people stand in the rain.");
  await good(nobody);

  for (const page of [sal, dev, robin, asha, third, nobody]) await page.context().close();
}
