// Every form there is, sent empty: refused, it says so first, in words, with a way to each field, and keeps what was typed
// (STANDARDS A-091). The forms are found on the pages; a POST door that no form leads to fails.
import type { Page } from "@playwright/test";
import { axe, expect, look, main, newPage, refusal, signIn, startServer, stopServer, test, unfold } from "./house";
import { doorman, doors, visitors, walked } from "./doors";

/** A kind of form: where it goes, what it does there, and what can be filled in. */
type Kind = { key: string; door: string; visitor: number; address: string; action: string; act: string; fields: string[] };

/** Forms that may be sent empty, and why. */
const MAY_BE_EMPTY: Record<string, string> = {
  "/card/{code} [shared]": "whether others use this device is a choice",
  "/designs/{id}/write save [words]": "a section can be emptied; what stood there is in the versions",
  "/display [theme size spacing font symbols motion]": "without a choice everything looks as at first",
};
/** Doors for forms that no page of the demo shows, and where they are tested instead. */
const ELSEWHERE: Record<string, string> = {
  "/designs/{id}/outcome": "story.ts: the form is there from the close of a vote until the outcome is written",
};
/** All kinds of forms that the walk met. */
async function kinds(page: Page, url: string, cookies: (visitor: number) => Promise<string>): Promise<Kind[]> {
  const doorOf = doorman(doors().filter((d) => d.method === "Post").map((d) => d.path));
  const found = new Map<string, Kind>();
  for (const { visitor, address } of walked().each) {
    const html = await (await fetch(url + address, { headers: { cookie: await cookies(visitor) } })).text();
    const forms = await page.evaluate((html) => [...new DOMParser().parseFromString(html, "text/html").querySelectorAll<HTMLFormElement>("form[method=post]")].map((form) => ({
      action: form.getAttribute("action") ?? "",
      act: form.querySelector<HTMLInputElement>("input[type=hidden][name=act]")?.value ?? "",
      fields: [...new Set([...form.elements].filter((e) => e.matches("input:not([type=hidden]), select, textarea")).map((e) => (e as HTMLInputElement).name))],
    })), html);
    for (const form of forms) {
      const door = doorOf(form.action.split("?")[0]);
      if (!door) throw new Error(`${address} has a form for ${form.action}, which is no door`);
      const key = `${door} ${form.act.replace(/[-0-9a-f]{30,}.*/, "").trim()} [${form.fields.join(" ")}]`.replace(/ +/g, " ");
      if (!found.has(key)) found.set(key, { key, door, visitor, address, ...form });
    }
  }
  return [...found.values()];
}

async function cookieJar(browser: import("@playwright/test").Browser, server: import("./house").Server, wrongs: string[]) {
  const pages = new Map<number, Page>();
  const pageOf = async (visitor: number) => {
    let page = pages.get(visitor);
    if (!page) {
      page = await newPage(browser, server, wrongs);
      const who = visitors[visitor].find();
      if (who) await signIn(page, who);
      pages.set(visitor, page);
    }
    return page;
  };
  const cookies = async (visitor: number) => (await (await pageOf(visitor)).context().cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
  return { pageOf, cookies, close: async () => { for (const page of pages.values()) await page.context().close(); } };
}

/** The same form on the page that is open now. */
const formOf = (page: Page, kind: Kind) => {
  const act = kind.act ? `:has(input[type=hidden][name=act][value="${kind.act}"])` : ":not(:has(input[type=hidden][name=act]))";
  const fields = kind.fields.map((name) => `:has([name="${name}"])`).join("");
  return page.locator(`form[method=post][action="${kind.action}"]${act}${fields}`).first();
};

/** Empties every field, then fills what `fill` names, and sends the form. Gives the status of the answer. */
async function send(page: Page, kind: Kind, fill: string[]): Promise<number> {
  await unfold(page, 1000);
  const form = formOf(page, kind);
  await form.evaluate((form: HTMLFormElement, fill) => {
    for (const e of form.elements) {
      if (e instanceof HTMLTextAreaElement) e.value = fill.includes(e.name) ? `Kept ${e.name}` : "";
      if (e instanceof HTMLSelectElement) { const at = fill.includes(e.name) ? e.options.length - 1 : 0; e.selectedIndex = at; }
      if (e instanceof HTMLInputElement && e.type !== "hidden" && e.type !== "file") {
        if (e.type === "radio" || e.type === "checkbox") e.checked = fill.includes(e.name);
        else e.value = fill.includes(e.name) ? `Kept ${e.name}` : "";
      }
    }
  }, fill);
  const answer = page.waitForResponse((r) => r.request().method() === "POST" && r.request().isNavigationRequest());
  const loaded = page.waitForEvent("load");
  await form.locator("button:not([type=button])").first().click();
  const status = (await answer).status();
  await loaded;
  return status;
}

/** Fields of the form as they are now that do not hold what was filled in. */
const lost = (page: Page, kind: Kind, fill: string[]) => formOf(page, kind).evaluate((form: HTMLFormElement, fill) => fill.filter((name) => {
  const all = [...form.elements].filter((e) => (e as HTMLInputElement).name === name) as HTMLInputElement[];
  const [e] = all;
  if (!e) return true;
  if (e.type === "radio" || e.type === "checkbox") return !all.at(-1)!.checked;
  return e instanceof HTMLSelectElement ? e.selectedIndex !== e.options.length - 1 : e.value !== `Kept ${name}`;
}), fill);

test("every form there is can be reached", async ({ browser, server, wrongs, page }) => {
  test.setTimeout(120_000);
  const jar = await cookieJar(browser, server, wrongs);
  const reached = new Set((await kinds(page, server.url, jar.cookies)).map((k) => k.door));
  await jar.close();
  const missing = doors().filter((d) => d.method === "Post" && !reached.has(d.path) && !(d.path in ELSEWHERE));
  expect(missing.map((d) => d.path), "POST doors to which no form leads").toEqual([]);
  expect(Object.keys(ELSEWHERE).filter((path) => reached.has(path)), "listed as tested elsewhere, but here they are").toEqual([]);
});

const PARTS = 4;
for (let n = 0; n < PARTS; n++) {
  test(`a refused form says so, and keeps what was typed: ${n + 1} of ${PARTS}`, async ({ browser, wrongs }) => {
    test.setTimeout(300_000);
    // A server of its own: some of these forms do something.
    const server = await startServer();
    const jar = await cookieJar(browser, server, wrongs);
    const blank = await newPage(browser, server, wrongs);
    try {
      const all = (await kinds(blank, server.url, jar.cookies)).filter((k) => k.fields.length > 0);
      for (const kind of all.filter((_, i) => i % PARTS === n)) {
        const page = await jar.pageOf(kind.visitor);
        await page.goto(kind.address);
        const status = await send(page, kind, []);
        if (kind.key in MAY_BE_EMPTY) {
          expect.soft(status, kind.key).toBe(303);
          continue;
        }
        expect.soft(status, `${kind.key} sent empty, from ${kind.address}`).toBe(422);
        if (status !== 422) continue;
        const { wrong, fields } = await refusal(page);
        expect.soft(wrong, kind.key).toEqual([]);
        await axe(page, `refused ${kind.key}`);
        expect.soft(await look(page, "standing"), `what stands on every page, on refused ${kind.key}`).toEqual([]);
        expect.soft(await look(page, "rings"), `focus on refused ${kind.key}`).toEqual([]);
        await page.setViewportSize({ width: 320, height: 640 });
        expect.soft(await look(page, "fits"), `refused ${kind.key} at 320 px`).toEqual([]);
        await page.setViewportSize({ width: 1280, height: 900 });
        // Again, with words in all other fields.
        const secret = await formOf(page, kind).evaluate((form: HTMLFormElement) => [...form.elements].filter((e) => e.matches("[type=password], [type=file]")).map((e) => (e as HTMLInputElement).name));
        const fill = kind.fields.filter((name) => !fields.some((f) => f === name || f.startsWith(`${name}_`) || name.startsWith(f.replace(/_day$/, "_"))));
        if (fill.length === 0) continue;
        const again = await send(page, kind, fill);
        expect.soft(again, `${kind.key} with ${fill.join(", ")}`).toBe(422);
        if (again === 422) expect.soft(await lost(page, kind, fill.filter((f) => !secret.includes(f))), `${kind.key} lost what was typed`).toEqual([]);
      }
    } finally {
      await blank.context().close();
      await jar.close();
      await stopServer(server);
    }
  });
}

// Sent empty, that form asks for the choice before the file.
test("a refused file says so", async ({ browser, server, wrongs }) => {
  const { visitor, address } = walked().each.find((v) => v.address.startsWith("/designs/new?workspace="))!;
  const jar = await cookieJar(browser, server, wrongs);
  const page = await jar.pageOf(visitor);
  await page.goto(address);
  await page.locator("[name=title]").fill("A place to sit");
  for (const file of [undefined, { name: "bench.png", mimeType: "image/png", buffer: Buffer.from("no words") }]) {
    await page.locator("[name=start][value=document]").check();
    if (file) await page.locator("[name=document]").setInputFiles(file);
    await main(page).getByRole("button", { name: "Start this design" }).click();
    await expect(page.locator("#field-document-error")).toBeVisible();
    expect.soft(await refusal(page)).toEqual({ wrong: [], fields: ["document"] });
    await axe(page, `refused ${file?.name ?? "without a file"}`);
    await expect(page.locator("[name=title]")).toHaveValue("A place to sit");
  }
  await jar.close();
});
