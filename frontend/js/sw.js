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

const shelves = async () => (await caches.keys()).filter((name) => name.startsWith("kept "));
const forgetAll = async (but) => {
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

/** Draws what follows from an answer of the server: what is kept, and what goes. */
async function note(path, answer) {
  // The server has trouble: nothing follows.
  if (answer.status >= 500 || answer.status === 429) return;
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
  if (!keeps || answer.status !== 200) {
    if (design && [401, 403, 404].includes(answer.status)) await forget(design);
  } else {
    const open = await caches.open(name);
    // The page and the headers it came with: its rules name what stands in it.
    const html = answer.clone();
    await open.put(path, answer);
    await files(named(await html.text()));
    if (keeps === "writes") {
      // Whoever writes without a line needs the page's program too.
      await files(list(ISLANDS));
      const write = `/designs/${design}/write`;
      const page = await fetch(write, { redirect: "manual" });
      if (page.status === 200 && page.headers.get("tandem-keep") && page.headers.get("tandem-owner") === owner) {
        await open.put(write, page);
      }
    }
  }
  if ((await caches.keys()).includes(name)) await (await caches.open(name)).put(SEEN, new Response(String(Date.now())));
}

async function page(event, path) {
  let answer;
  try {
    answer = await fetch(event.request);
  } catch {
    const kept = await (await shelf())?.match(path);
    return kept ?? await caches.match(path === "/help" ? path : "/offline", { cacheName: SHELL }) ?? Response.error();
  }
  const copy = answer.clone();
  event.waitUntil(note(path, copy).catch(() => undefined));
  return answer;
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
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin) return;
  // A form goes its own way: a browser that sends it twice would do it twice.
  if (mode === "navigate" && method === "POST" && pathname === "/sign-out") event.waitUntil(forgetAll());
  else if (mode === "navigate" && method === "GET") event.respondWith(page(event, pathname));
  else if (method === "GET" && /^\/(pkg|static)\//.test(pathname)) event.respondWith(file(event.request));
});
