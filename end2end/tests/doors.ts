// Every route there is, as the program lists them, and a walk along all links as each kind of visitor. The walk is by plain
// HTTP: it finds the addresses, and the gates then look at them in a browser.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inGroup, people, somebody, type Person, type Server } from "./server";

export type Door = { method: string; path: string; page: boolean };
export const doors = (): Door[] => JSON.parse(execFileSync(process.env.TANDEM_BIN!, ["doors", "--json"], { encoding: "utf8" }));
/** The kit is a page of development builds. */
export const pageDoors = () => doors().filter((d) => d.page && d.path !== "/kit").map((d) => d.path);

/** Says through which of these doors an address goes: the most exact one that fits. */
export function doorman(paths: string[]): (path: string) => string | undefined {
  const patterns = paths
    .map((path) => ({
      path,
      exact: path.split("/").filter((p) => !p.startsWith("{")).length,
      pattern: new RegExp("^" + path.replace(/[.]/g, "\\.").replace(/\{\*?[^}]+\}/g, "[^/]+") + "$"),
    }))
    .sort((a, b) => b.exact - a.exact);
  return (path) => patterns.find((p) => p.pattern.test(path))?.path;
}


const hiddenOf = (p: Person) => p.groups.filter((g) => g.role === "worker" && g.visibility === "hidden").length;

/** Who looks at the pages, and in which theme when there is time for one only. */
export const visitors: { name: string; theme: string; find: () => Person | undefined }[] = [
  { name: "nobody", theme: "light", find: () => undefined },
  { name: "a member", theme: "dark", find: () => somebody("a member of an open group", (p) => p.role === "young-person" && inGroup(p, "member", "open")) },
  { name: "a lead", theme: "contrast", find: () => somebody("a lead", (p) => p.role === "young-person" && inGroup(p, "lead", "open")) },
  { name: "a worker", theme: "cream", find: () => somebody("a worker", (p) => inGroup(p, "worker", "open")) },
  { name: "a worker of the most groups", theme: "blue", find: () => [...people()].sort((a, b) => b.groups.length - a.groups.length).find((p) => inGroup(p, "worker") && !inGroup(p, "worker", "hidden")) },
  { name: "a worker of hidden groups", theme: "dark", find: () => [...people()].filter((p) => inGroup(p, "worker", "hidden")).sort((a, b) => hiddenOf(b) - hiddenOf(a))[0] },
  { name: "somebody who only reads", theme: "light", find: () => somebody("an observer", (p) => inGroup(p, "observer")) },
  { name: "an administrator", theme: "light", find: () => somebody("an administrator", (p) => p.role === "administrator") },
];

/** A page to look at: whose, where, and which door it is. */
export type Visit = { visitor: number; door: string; address: string };
/** What the walk found: the pages where somebody sees something that nobody saw before; the same counted for each visitor
 * alone; the doors that were reached; and those of them that links lead to, for whoever begins at the front door. */
export type Walked = { fresh: Visit[]; each: Visit[]; reached: string[]; linked: string[] };

/** How many addresses of one kind are read. */
const MOST = 12;

/** Signs in by plain HTTP and gives the cookie. */
async function cookieOf(url: string, person: Person): Promise<string> {
  const body = new URLSearchParams(person.code
    ? { code: person.code, ...Object.fromEntries(person.pictures!.map((p, i) => [`picture${i + 1}`, p])) }
    : { name: person.sign_in_name!, password: person.password! });
  const answer = await fetch(`${url}/sign-in`, { method: "POST", body, redirect: "manual" });
  const cookie = answer.headers.getSetCookie().map((c) => c.split(";")[0]).find((c) => c.includes("session="));
  if (answer.status !== 303 || !cookie) throw new Error(`${person.name} cannot sign in: ${answer.status}`);
  return cookie;
}

/** What there is to see on a page, roughly: kinds of elements, names of fields, states. */
function sights(html: string): Set<string> {
  const out = new Set<string>();
  const main = html.slice(html.indexOf("<main"), html.indexOf("</main>"));
  for (const [, tag, rest] of main.matchAll(/<([a-z0-9]+)([^>]*)>/g)) {
    out.add(tag);
    for (const name of (rest.match(/ class="([^"]*)"/)?.[1] ?? "").split(/\s+/)) if (name) out.add(`${tag}.${name}`);
    for (const [, attribute, value] of rest.matchAll(/ (name|type|role|aria-current)="([^"]*)"/g)) out.add(`${tag} ${attribute}=${value}`);
  }
  return out;
}

/** Walks along all links as everybody. It begins at every page whose address needs no filling in, so that those are looked at
 * even where nothing leads to them; which pages links lead to is counted apart. */
export async function walk(server: Server): Promise<Walked> {
  const all = pageDoors();
  const doorOf = doorman(all);
  const walked: Walked = { fresh: [], each: [], reached: [], linked: [] };
  const reached = new Set<string>();
  const linked = new Set<string>();
  const seenByAny = new Set<string>();
  const card = somebody("with a card", (p) => !!p.card).card!;
  for (const [visitor, { find }] of visitors.entries()) {
    const who = find();
    const headers: Record<string, string> = who ? { cookie: await cookieOf(server.url, who) } : {};
    const seenByMe = new Set<string>();
    const queue = ["/", card, ...all.filter((p) => !p.includes("{"))];
    const done = new Set<string>();
    /** The pages that were read, with the addresses each links to. */
    const read = new Map<string, { door: string; links: string[] }>();
    const times = new Map<string, number>();
    while (queue.length > 0) {
      const address = queue.shift()!;
      const path = address.split(/[?#]/)[0];
      const door = doorOf(path);
      // `?` makes another form of the same page.
      const kind = `${door}${address.includes("?") ? "?" : ""}`;
      if (!door || done.has(address) || (times.get(kind) ?? 0) >= MOST) continue;
      done.add(address);
      const answer = await fetch(server.url + address, { headers, redirect: "manual" });
      const html = await answer.text();
      if (answer.status !== 200) continue;
      times.set(kind, (times.get(kind) ?? 0) + 1);
      reached.add(door);
      const sighted = [...sights(html)].map((s) => `${door} ${s}`);
      const visit = { visitor, door, address };
      if (sighted.some((s) => !seenByMe.has(s))) walked.each.push(visit);
      if (sighted.some((s) => !seenByAny.has(s))) walked.fresh.push(visit);
      for (const s of sighted) { seenByMe.add(s); seenByAny.add(s); }
      const links = [...html.matchAll(/<a [^>]*href="(\/[^"#]*)/g)].map(([, href]) => href.replace(/&amp;/g, "&")).filter((link) => !/^\/(static|pkg)\//.test(link));
      queue.push(...links);
      read.set(address, { door, links });
    }
    // The same once more in what was read, from the front door alone. A set that grows is gone through to its end.
    const found = new Set(["/"]);
    for (const address of found) {
      const page = read.get(address);
      if (!page) continue;
      linked.add(page.door);
      for (const link of page.links) found.add(link);
    }
  }
  walked.reached = [...reached];
  walked.linked = [...linked];
  return walked;
}

export const walked = (): Walked => JSON.parse(readFileSync(join(process.env.TANDEM_E2E!, "walk.json"), "utf8"));

/** One part of the pages to look at, and the theme each is opened in: every visitor's pages where there is time, otherwise what
 * is new to see. */
export function part(n: number, of: number): { visit: Visit; theme: string }[] {
  const { fresh, each } = walked();
  const visits = (process.env.TANDEM_FULL ? each : fresh).map((visit) => ({ visit, theme: visitors[visit.visitor].theme }));
  // By visitor, so that each signs in once for a part; dealt out, so that parts take about the same time.
  return visits.filter((_, i) => i % of === n);
}
