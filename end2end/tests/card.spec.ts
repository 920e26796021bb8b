// The printed card: how most young people come in, and the only page that is the answer to a form and nothing else. It is
// made here as workers make it, looked at on the screen and on paper, read as a camera reads it, and used.
import type { Browser, Page } from "@playwright/test";
import jsQR from "jsqr";
import { axe, expect, inGroup, look, main, newPage, signIn, signInHere, somebody, startServer, stopServer, test, themes, type Person, type Server } from "./house";

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 320, height: 640 };
/** A4 between its margins, at 96 pixels an inch. */
const PAPER = { width: 672, height: 972 };
const NO = "We cannot sign you in with that. Check it and try again. A card stops after five wrong tries: then ask your worker for a new card";

type Card = { name: string; code: string; pictures: string[]; link: string };

/** What a camera reads in the square, as it is drawn now. */
async function scanned(page: Page): Promise<string> {
  const png = (await page.locator(".card-qr").screenshot()).toString("base64");
  // Apart from the page under test: its policy lets no picture in that is not a file of ours.
  const reader = await page.context().newPage();
  const { data, width, height } = await reader.evaluate(async (png) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${png}`;
    await picture.decode();
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const drawing = canvas.getContext("2d")!;
    drawing.drawImage(picture, 0, 0);
    return { data: [...drawing.getImageData(0, 0, picture.width, picture.height).data], width: picture.width, height: picture.height };
  }, png);
  await reader.close();
  return jsQR(Uint8ClampedArray.from(data), width, height)?.data ?? "nothing";
}

/** Reads the card that is shown, as somebody does who holds it. */
async function read(page: Page): Promise<Card> {
  const card = page.locator(".print-card");
  const said = await card.locator(".card-picture").allTextContents();
  expect(said.map((words) => words.trim().slice(0, 2)), "three pictures, in order").toEqual(["1.", "2.", "3."]);
  return {
    name: (await card.getByRole("heading").textContent())!,
    code: (await card.locator(".code-words").textContent())!,
    pictures: said.map((words) => words.trim().slice(3).toLowerCase()),
    link: await scanned(page),
  };
}

const worker = () => somebody("a worker of an open group", (p) => inGroup(p, "worker", "open"));

/** The worker adds somebody and makes their card at once. */
async function add(page: Page, name: string) {
  await page.goto("/people/new");
  await page.locator("[name=name]").fill(name);
  await page.locator("[name=role][value=young-person]").check();
  await page.locator("[name=group]").selectOption({ label: worker().groups.find((g) => g.role === "worker" && g.visibility === "open")!.name });
  await page.locator("[name=card]").check();
  await page.locator("main form button.main").click();
  await expect(page.locator(".print-card")).toBeVisible();
}

async function withServer(browser: Browser, wrongs: string[], act: (server: Server, page: Page) => Promise<void>) {
  const server = await startServer();
  const page = await newPage(browser, server, wrongs, { viewport: WIDE });
  try {
    await signIn(page, worker());
    await act(server, page);
  } finally {
    await page.context().close();
    await stopServer(server);
  }
}

/** Whether this browser is signed in as them. */
async function isIn(page: Page, name: string) {
  await expect(page).not.toHaveURL(/sign-in|\/card\//);
  await page.goto("/my-data");
  await expect(main(page)).toContainText(name);
}

/** Signs in by what is typed from the card. */
async function type(page: Page, card: Card, pictures = card.pictures) {
  await page.goto("/sign-in");
  await signInHere(page, { code: card.code, pictures } as Person);
}

test("the card holds on the screen, in each theme, wide and narrow", async ({ browser, wrongs }) => {
  test.setTimeout(120_000);
  await withServer(browser, wrongs, async (_, page) => {
    await add(page, "Bryn Cardholder");
    const { link, code, pictures } = await read(page);
    expect(new URL(link).pathname).toMatch(/^\/card\/[0-9a-f]{32}$/);
    expect(code).toMatch(/^[A-Z0-9]{4} [A-Z0-9]{4}$/);
    expect(pictures).toHaveLength(3);
    await expect(page).toHaveTitle(/^The card for Bryn Cardholder – /);
    await axe(page, "the card");
    for (const gate of ["fits", "legible", "targets", "rings", "moves", "standing"] as const) expect.soft(await look(page, gate), gate).toEqual([]);
    // The square is black on white whatever the page is, so that every camera reads it.
    for (const theme of themes) {
      await page.evaluate((theme) => { document.documentElement.dataset.theme = theme; }, theme);
      expect.soft(await scanned(page), theme).toBe(link);
    }
    await page.setViewportSize(NARROW);
    for (const gate of ["fits", "legible", "targets", "rings"] as const) expect.soft(await look(page, gate), `${gate} at 320 px`).toEqual([]);
    expect.soft(await scanned(page), "at 320 px").toBe(link);
    // Pictures beside words can be switched off; these are half of what signs somebody in.
    await page.evaluate(() => { Object.assign(document.documentElement.dataset, { symbols: "off", size: "200" }); });
    for (const picture of await page.locator(".card-picture img").all()) await expect(picture).toBeVisible();
    expect.soft(await look(page, "fits"), "200 % at 320 px").toEqual([]);
  });
});

test("the card fits on one sheet of paper, with the square and three pictures in order, and nothing else", async ({ browser, wrongs }) => {
  await withServer(browser, wrongs, async (_, page) => {
    await add(page, "Bryn Cardholder");
    const { link, code } = await read(page);
    for (const theme of themes) {
      await page.evaluate((theme) => { document.documentElement.dataset.theme = theme; }, theme);
      await page.emulateMedia({ media: "print" });
      await page.setViewportSize(PAPER);
      // The heading of the page is for the screen: on the card stands the name.
      expect.soft(await look(page, "printed"), theme).toEqual(["the heading is not printed"]);
      expect.soft(await look(page, "fits"), theme).toEqual([]);
      expect.soft(await scanned(page), theme).toBe(link);
      const words = (await page.locator("body").innerText()).replace(/\s+/g, " ").trim();
      expect.soft(words, "the name comes first").toMatch(/^(Tandem )?Bryn Cardholder/);
      expect.soft(words).toContain(code);
      const square = (await page.locator(".card-qr").boundingBox())!;
      expect.soft(square.width, "30 mm or more").toBeGreaterThan(113);
      expect.soft(Math.abs(square.width - square.height), "a square").toBeLessThan(1);
      const drawn = await page.locator(".card-picture img").evaluateAll((all) => all.map((e) => {
        const { x, y, width } = e.getBoundingClientRect();
        return { x, y, width, whole: (e as HTMLImageElement).complete && (e as HTMLImageElement).naturalWidth > 0 };
      }));
      expect.soft(drawn.map((p) => p.whole), "the pictures are there").toEqual([true, true, true]);
      for (const [a, b] of [[0, 1], [1, 2]]) expect.soft(drawn[b].y > drawn[a].y + 10 || drawn[b].x > drawn[a].x + drawn[a].width, `picture ${b + 1} comes after ${a + 1}`).toBe(true);
      const pdf = (await page.pdf({ preferCSSPageSize: true, format: "A4" })).toString("latin1");
      expect.soft(pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length, "sheets of paper").toBe(1);
      await page.emulateMedia({ media: "screen" });
      await page.setViewportSize(WIDE);
    }
  });
});

for (const scripts of [true, false]) {
  test(`the card signs in by its link and by its code and pictures, ${scripts ? "with" : "without"} JavaScript`, async ({ browser, wrongs }) => {
    await withServer(browser, wrongs, async (server, page) => {
      await add(page, "Bryn Cardholder");
      const card = await read(page);
      const theirs = () => newPage(browser, server, wrongs, { javaScriptEnabled: scripts, viewport: NARROW });
      // The link shows one button, and signs nobody in before it is pressed.
      const linked = await theirs();
      await linked.goto(card.link);
      await axe(linked, "what the link opens");
      expect(await linked.context().cookies(), "nothing is kept before the press").toEqual([]);
      await linked.getByRole("button", { name: "Sign in", exact: true }).click();
      await isIn(linked, card.name);
      // What is typed may be in small letters and without the space.
      const typed = await theirs();
      await type(typed, { ...card, code: card.code.toLowerCase().replace(" ", "") });
      await isIn(typed, card.name);
      // The pictures count, and their order does.
      const wrong = await theirs();
      await type(wrong, card, [...card.pictures].reverse().join() === card.pictures.join() ? ["boat", "boat", "boat"] : [...card.pictures].reverse());
      await expect(main(wrong)).toContainText(NO);
      for (const one of [linked, typed, wrong]) await one.context().close();
    });
  });
}

test("a new card ends the old one and all of its sessions", async ({ browser, wrongs }) => {
  await withServer(browser, wrongs, async (server, page) => {
    await add(page, "Bryn Cardholder");
    const old = await read(page);
    const [phone, library] = [await newPage(browser, server, wrongs), await newPage(browser, server, wrongs, { javaScriptEnabled: false })];
    await phone.goto(old.link);
    await phone.getByRole("button", { name: "Sign in", exact: true }).click();
    await isIn(phone, old.name);
    await type(library, old);
    await isIn(library, old.name);

    await page.getByRole("link", { name: "I have printed it" }).click();
    await expect(main(page)).toContainText("There is a card. It was first used on");
    await page.getByRole("link", { name: "Make a card" }).click();
    await axe(page, "before a new card");
    await page.getByRole("button", { name: "Make a new card" }).click();
    const fresh = await read(page);
    expect(fresh.link).not.toBe(old.link);
    expect(fresh.code).not.toBe(old.code);
    await axe(page, "the new card");

    for (const one of [phone, library]) {
      await one.goto("/my-data");
      await expect(one, "its sessions have ended").toHaveURL(/sign-in/);
    }
    await phone.goto(old.link);
    await phone.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(main(phone)).toContainText(NO);
    await axe(phone, "an old link");
    await type(library, old);
    await expect(library.getByRole("main")).toContainText(NO);
    await phone.goto(fresh.link);
    await phone.getByRole("button", { name: "Sign in", exact: true }).click();
    await isIn(phone, fresh.name);
    await type(library, fresh);
    await isIn(library, fresh.name);
    for (const one of [phone, library]) await one.context().close();
  });
});

test("five wrong tries lock the code, which looks like any wrong try, until there is a new card", async ({ browser, wrongs }) => {
  await withServer(browser, wrongs, async (server, page) => {
    await add(page, "Bryn Cardholder");
    const card = await read(page);
    await page.getByRole("link", { name: "I have printed it" }).click();
    const them = await newPage(browser, server, wrongs, { javaScriptEnabled: false });
    const other = ["dog", "house", "tree", "bus"].find((p) => p !== card.pictures[0])!;
    const says: string[] = [];
    const tried = async (pictures: string[]) => {
      await type(them, card, pictures);
      await expect(them).toHaveTitle(/^Error: /);
      says.push((await them.locator("#error-summary").innerText()).replace(/\s+/g, " "));
    };
    for (let i = 0; i < 5; i++) await tried([other, card.pictures[1], card.pictures[2]]);
    await axe(them, "a wrong code");
    await tried(card.pictures);
    expect([...new Set(says)], "wrong and locked look the same").toEqual([`There is a problem ${NO}`]);
    // The worker sees why, and helps.
    await page.reload();
    await expect(main(page)).toContainText("The code of this card is locked, after five wrong tries. Make a new card.");
    await page.getByRole("link", { name: "Make a card" }).click();
    await page.getByRole("button", { name: "Make a new card" }).click();
    await type(them, await read(page));
    await isIn(them, card.name);
    await them.context().close();
  });
});
