// What every journey stands on: a server of its own worker with the demo in it, its people, and guards on every page.
import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Group = { slug: string; name: string; visibility: string; role: string };
export type Person = {
  name: string; role: string; groups: Group[];
  sign_in_name?: string; password?: string; code?: string; pictures?: string[];
};

export const people: Person[] = (() => {
  const folder = process.env.TANDEM_E2E;
  if (!folder) return [];
  const told = JSON.parse(readFileSync(join(folder, "people.json"), "utf8"));
  return Array.isArray(told) ? told : told.people;
})();

/** The first person who fits. A test that finds nobody fails with what it looked for. */
export function somebody(what: string, fits: (p: Person) => boolean): Person {
  const found = people.find(fits);
  if (!found) throw new Error(`the demo has nobody who is ${what}`);
  return found;
}

export const inGroup = (p: Person, role: string, visibility?: string) =>
  p.groups.some((g) => g.role === role && (!visibility || g.visibility === visibility));

export type Server = { url: string; folder: string; process: ChildProcess };

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** Starts the program on a copy of the demo database and waits until it answers. */
export async function startServer(extra: Record<string, string> = {}): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-server-"));
  const from = process.env.TANDEM_E2E!;
  for (const name of ["tandem.db", "keys"]) cpSync(join(from, name), join(folder, name), { recursive: true });
  for (const name of ["tandem.db-wal", "tandem.db-shm"]) {
    if (existsSync(join(from, name))) cpSync(join(from, name), join(folder, name));
  }
  const port = await freePort();
  const env = {
    ...process.env, DATABASE_URL: `sqlite:${join(folder, "tandem.db")}`, TANDEM_KEYS: join(folder, "keys"),
    TANDEM_ADDR: `127.0.0.1:${port}`, TANDEM_LOG: "warn", ...extra,
  };
  const child = spawn(process.env.TANDEM_BIN!, ["serve"], { env, cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const url = extra.TANDEM_URL ?? `http://127.0.0.1:${port}`;
  const health = `http://127.0.0.1:${port}/readyz`;
  await expect.poll(async () => fetch(health).then((r) => r.status, () => 0), { timeout: 30_000, intervals: [50] }).toBe(200);
  return { url, folder, process: child };
}

export async function stopServer(server: Server) {
  const gone = new Promise((resolve) => server.process.once("exit", resolve));
  server.process.kill("SIGTERM");
  await gone;
  rmSync(server.folder, { recursive: true, force: true });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// The rules of STANDARDS A-002, with those that are off by default.
const axeOptions = {
  preload: false,
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
  rules: Object.fromEntries([
    "target-size", "identical-links-same-purpose", "meta-refresh-no-exceptions", "landmark-complementary-is-top-level",
    "css-orientation-lock", "p-as-heading", "td-has-header", "table-fake-caption", "focus-order-semantics", "hidden-content",
    "color-contrast-enhanced",
  ].map((rule) => [rule, { enabled: true }])),
};

/** Contexts in which axe is at work: it writes inline styles of its own, which the policy rightly refuses. */
const atWork = new WeakSet<BrowserContext>();

/** axe finds nothing on this page, as it is now. Needs scripts on. */
export async function axe(page: Page, as = "") {
  atWork.add(page.context());
  try {
    await runAxe(page, as);
  } finally {
    // Messages travel by the same pipe, so what axe caused has arrived when this answer has.
    await page.evaluate(() => 0);
    atWork.delete(page.context());
  }
}

async function runAxe(page: Page, as: string) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async (options) => {
    const result = await (window as unknown as { axe: { run: (d: Document, o: unknown) => Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[] }> } }).axe.run(document, options);
    return result.violations.map((v) => `${v.id}: ${v.help}\n` + v.nodes.slice(0, 4).map((n) => `    ${n.html.slice(0, 200)}\n    ${n.failureSummary?.split("\n").slice(1, 3).join("; ")}`).join("\n"));
  }, axeOptions);
  expect.soft(found, `axe on ${page.url()} ${as}`).toEqual([]);
}

/** What must hold on every page: no console error, nothing refused by the policy, nothing asked of another origin. */
export function guard(context: BrowserContext, server: Server, wrongs: string[]) {
  context.on("console", (m) => {
    if (m.type() !== "error" && m.type() !== "warning") return;
    // A refused form is an answer, not a fault of the page; Chromium writes a line for each 4xx all the same.
    if (atWork.has(context)) return;
    if (/status of 4\d\d/.test(m.text())) return;
    wrongs.push(`console: ${m.text()} (${m.location().url})`);
  });
  context.on("weberror", (e) => wrongs.push(`error: ${e.error().message}`));
  context.on("request", (r) => {
    const url = r.url();
    if (!url.startsWith(server.url) && !url.startsWith("data:") && !url.startsWith("blob:") && !url.includes("bbc.co.uk")) {
      wrongs.push(`another origin: ${url}`);
    }
  });
}

export const test = base.extend<{ wrongs: string[]; page: Page; noScripts: Page }, { server: Server }>({
  server: [async ({}, use) => {
    const server = await startServer();
    await use(server);
    await stopServer(server);
  }, { scope: "worker" }],
  baseURL: async ({ server }, use) => use(server.url),
  wrongs: async ({}, use) => {
    const wrongs: string[] = [];
    await use(wrongs);
    expect(wrongs, "on every page").toEqual([]);
  },
  page: async ({ browser, server, wrongs, viewport, colorScheme }, use) => {
    const context = await browser.newContext({ baseURL: server.url, viewport, colorScheme });
    guard(context, server, wrongs);
    await use(await context.newPage());
    await context.close();
  },
  /** The same with JavaScript off. */
  noScripts: async ({ browser, server, wrongs }, use) => {
    const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
    guard(context, server, wrongs);
    await use(await context.newPage());
    await context.close();
  },
});

export { expect };

/** Signs in with what the demo printed: by card with code and pictures, or by name and password. */
export async function signIn(page: Page, person: Person) {
  await page.goto("/sign-in");
  if (person.code) {
    await page.getByLabel("The code on your card").fill(person.code);
    for (const [i, picture] of person.pictures!.entries()) {
      await page.locator(`input[name=picture${i + 1}][value="${picture}"]`).check();
    }
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  } else {
    await page.getByText("I work for the council").click();
    await page.getByLabel("Your sign-in name").fill(person.sign_in_name!);
    await page.getByLabel("Your password").fill(person.password!);
    await page.getByRole("button", { name: "Sign in with a password" }).click();
  }
  await expect(page).not.toHaveURL(/sign-in/);
}

/** No sideways scrolling at the width the page has now. */
export async function fits(page: Page) {
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect.soft(wide, `${page.url()} is ${wide} px wide in ${room} px`).toBeLessThanOrEqual(room);
}
