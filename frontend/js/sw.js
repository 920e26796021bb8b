// What can be read and written without a line (docs/DECISIONS/0021). Two shelves: the files and the two pages that everybody
// may have, and the designs of one person who asked for it on this device. The server says with each page whose browser this is
// (`tandem-owner`) and whether the page may be kept (`tandem-keep`); what it does not say so about is never kept.
//
// The server puts in what stands in this line: a mark of this program, and the files of every page and of those that write.
const [PROGRAM, FILES, ISLANDS] = ["@program", "@files", "@islands"];

const SHELL = `shell ${PROGRAM}`;
const PAGES = ["/offline", "/help"];
const SEEN = "/seen";
const WEEK = 7 * 24 * 60 * 60 * 1000;
const list = (words) => words.split(" ").filter(Boolean);

// How often everything was forgotten: what was asked for before is not kept when it comes after.
let forgotten = 0;
const shelves = async () => (await caches.keys()).filter((name) => name.startsWith("kept "));
const forgetAll = async (but) => {
  if (!but) forgotten += 1;
  for (const name of await shelves()) if (name !== but) await caches.delete(name);
};
const designOf = (path) => path.match(/^\/designs\/([0-9a-f-]{36})(?:\/|$)/)?.[1];
const forget = async (design) => {
  for (const name of await shelves()) {
    const shelf = await caches.open(name);
    for (const { url } of await shelf.keys()) {
      if (designOf(new URL(url).pathname) === design) await shelf.delete(url);
    }
  }
};

/** The designs that are kept, unless a week has gone by without the server. */
async function shelf() {
  const [name] = await shelves();
  if (!name) return undefined;
  const open = await caches.open(name);
  const seen = Number(await (await open.match(SEEN))?.text() ?? 0);
  if (Date.now() - seen < WEEK) return open;
  await forgetAll();
  return undefined;
}

/** Puts files on the shelf that are not there yet. One that cannot be had now is for another time. */
async function files(names) {
  const shell = await caches.open(SHELL);
  for (const name of names) if (!await shell.match(name)) await shell.add(name).catch(() => undefined);
}

/** The files that a page names: its letters and its symbols. */
const named = (html) => [...new Set(html.match(/\/static\/[\w./-]+\.(?:svg|woff2)/g))];

/** Draws what follows from an answer of the server: what is kept, and what goes. `before`: how often everything had been
 * forgotten when it was asked for. */
async function note(path, plain, answer, before) {
  // The server has trouble, or somebody signed out meanwhile: nothing follows.
  if (answer.status >= 500 || answer.status === 429 || before !== forgotten) return;
  const design = designOf(path);
  // Sent on to another page: whatever was here is not here any more.
  if (answer.type === "opaqueredirect") {
    if (design) await forget(design);
    return;
  }
  if (!answer.headers.get("content-type")?.includes("text/html")) return;
  const owner = answer.headers.get("tandem-owner");
  const name = `kept ${owner}`;
  await forgetAll(owner && name);
  if (!owner) return;
  const keeps = answer.headers.get("tandem-keep");
  const [read, write] = [`/designs/${design}`, `/designs/${design}/write`];
  const here = path === read || path === write;
  if (!keeps || answer.status !== 200) {
    // It may not be kept any more, or not be read; while nobody may write, only the page that writes goes.
    if (design && (answer.status === 200 ? here : [401, 403, 404].includes(answer.status))) await forget(design);
    else if (path === write) await (await caches.open(name)).delete(write);
  } else if (here && plain) {
    const open = await caches.open(name);
    if (keeps !== "writes") await open.delete(write);
    // The page and the headers it came with: its rules name what stands in it.
    const html = answer.clone();
    await open.put(path, answer);
    const words = await html.text();
    await files(named(words));
    // Pictures are the person's, like the design they stand in. One width is enough to know what they show.
    for (const picture of new Set(words.match(/\/pictures\/\w+\/960(?=")/g))) {
      if (await open.match(picture)) continue;
      const bytes = await fetch(picture);
      if (bytes.status === 200) await open.put(picture, bytes);
    }
    if (keeps === "writes") {
      // Whoever writes without a line needs the page's program too.
      await files(list(ISLANDS));
      const page = await fetch(write, { redirect: "manual" });
      if (page.status === 200 && page.headers.get("tandem-keep") && page.headers.get("tandem-owner") === owner
        && before === forgotten) {
        await open.put(write, page);
      }
    }
  }
  // Signed out while this went on.
  if (before !== forgotten) return forgetAll();
  if ((await caches.keys()).includes(name)) await (await caches.open(name)).put(SEEN, new Response(String(Date.now())));
}

async function page(event, path, plain) {
  const before = forgotten;
  let answer;
  try {
    answer = await fetch(event.request);
  } catch {
    const kept = await (await shelf())?.match(path);
    return kept ?? await caches.match(path === "/help" ? path : "/offline", { cacheName: SHELL }) ?? Response.error();
  }
  const copy = answer.clone();
  event.waitUntil(note(path, plain, copy, before).catch(() => undefined));
  return answer;
}

/** A picture, or without a line the one width of it that is kept. */
async function picture(request, path) {
  try {
    return await fetch(request);
  } catch {
    return await (await shelf())?.match(path.replace(/\d+$/, "960")) ?? Response.error();
  }
}

async function file(request) {
  const shell = await caches.open(SHELL);
  const kept = await shell.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.status === 200) await shell.put(request, answer.clone()).catch(() => undefined);
  return answer;
}

addEventListener("install", (event) => event.waitUntil((async () => {
  const shell = await caches.open(SHELL);
  await shell.addAll(list(FILES));
  for (const path of PAGES) {
    // As it is for whoever is not signed in.
    const page = await fetch(path, { credentials: "omit" });
    const html = page.clone();
    await shell.put(path, page);
    await files(named(await html.text()));
  }
  await skipWaiting();
})()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("shell ") && name !== SHELL) await caches.delete(name);
  await clients.claim();
})()));

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname, search } = new URL(url);
  if (origin !== location.origin) return;
  // A form goes its own way: a browser that sends it twice would do it twice.
  if (mode === "navigate" && method === "POST" && pathname === "/sign-out") event.waitUntil(forgetAll());
  else if (mode === "navigate" && method === "GET") event.respondWith(page(event, pathname, !search));
  else if (method === "GET" && /^\/(pkg|static)\//.test(pathname)) event.respondWith(file(event.request));
  else if (method === "GET" && pathname.startsWith("/pictures/")) event.respondWith(picture(event.request, pathname));
});
