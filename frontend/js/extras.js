// Small comforts that every page works without. No dependencies, no WASM.

// Leave now: replaces the page, so that Back does not come to it. Shift three times does the same. Pages seen before it are
// still in the history: whoever comes to one of them by Back, in the same tab, is taken away again; typing the address or
// following a link opens Tandem as ever.
const leaves = document.querySelectorAll("[data-leave]");
const away = leaves[0]?.href;
const memory = {
  get left() { try { return sessionStorage.getItem("left") === "yes"; } catch { return false; } },
  set left(yes) { try { yes ? sessionStorage.setItem("left", "yes") : sessionStorage.removeItem("left"); } catch { /* not kept */ } },
};
const go = (event) => {
  event?.preventDefault();
  document.documentElement.hidden = true;
  document.title = "";
  memory.left = true;
  location.replace(away);
};
if (away) {
  const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (memory.left && back) go();
  else memory.left = false;
  addEventListener("pageshow", (event) => { if (event.persisted && memory.left) go(); });
  for (const leave of leaves) leave.addEventListener("click", go);
  let shifts = [];
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") { shifts = []; return; }
    const now = event.timeStamp;
    shifts = [...shifts.filter((at) => now - at < 2000), now];
    if (shifts.length >= 3) go();
  });
}

// A refused form, or thanks after an act: the words take the focus, as a page that was just opened would be read.
document.querySelector("#error-summary, [data-focus]")?.focus();

// Words that were typed on this device and wait there (`frontend/src/writing/unsent.rs`): whoever comes home hears of them, and
// can read them where the place for them is closed.
const unsent = document.getElementById("unsent");
if (unsent) {
  const owners = unsent.dataset.owners.split(" ");
  let device = {};
  try { device = localStorage; } catch { /* nothing is kept here */ }
  const mine = Object.keys(device).map((name) => [name, ...name.split(" ")]).filter(([, kind, , owner]) => kind === "unsent" && owners.includes(owner));
  for (const [n, [name, , design]] of mine.entries()) {
    const one = unsent.querySelector("template").content.firstElementChild.cloneNode(true);
    const link = one.querySelector("a");
    link.href = `/designs/${design}/write`;
    if (mine.length > 1) link.append(` (${n + 1})`);
    for (const line of device.getItem(name).split("\n").slice(1)) {
      const words = line.split(" ")[4];
      if (!words) continue;
      const box = document.createElement("p");
      box.className = "own-words";
      box.textContent = decodeURIComponent(words);
      one.querySelector("details > div").append(box);
    }
    one.querySelector("button").addEventListener("click", () => {
      device.removeItem(name);
      one.remove();
      unsent.hidden = !unsent.querySelector("a");
      document.querySelector("main").focus();
    });
    unsent.append(one);
  }
  unsent.hidden = mine.length === 0;
}

// How words look: the button leads to a page that shows them below their box. Here that part of it is put in, and is kept up to
// date while somebody goes on writing. Without an answer the button does what it does by itself.
for (const button of document.querySelectorAll("[data-look]")) {
  const { form } = button;
  const look = async () => {
    const answer = await fetch(button.formAction, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const there = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(button.dataset.look);
    if (!there || there.hidden) throw new Error("no words to look at");
    const here = document.getElementById(button.dataset.look);
    here.replaceWith(document.adoptNode(there));
    return there;
  };
  button.addEventListener("click", async (event) => {
    if (event.defaultPrevented || !navigator.onLine) return;
    event.preventDefault();
    try { (await look()).focus(); } catch { form.requestSubmit(button); }
  });
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    if (document.getElementById(button.dataset.look).hidden) return;
    timer = setTimeout(() => look().catch(() => {}), 1000);
  });
}

// Show and hide a password.
for (const button of document.querySelectorAll("[data-show]")) {
  const field = document.getElementById(button.dataset.show);
  const words = [button.textContent, button.dataset.hideWords];
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.textContent = words[shown ? 1 : 0];
  });
}

// The menu of narrow screens closes with Escape, and when somebody goes on past it.
const menu = document.querySelector(".menu-small");
if (menu) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}

// Two minutes before a session ends: ask. Nothing is counted down on screen. A device that slept asks as soon as it wakes.
// After the end nothing can be asked any more: then it says what to do.
const warning = document.getElementById("session-warning");
if (warning) {
  document.getElementById("session-ends")?.setAttribute("hidden", "");
  const part = (name) => warning.querySelector(`[data-${name}]`);
  let ends = 0;
  let timer = 0;
  // Asked once: whoever closes the question with Escape is not asked again before the end.
  let asked = false;
  const look = () => {
    clearTimeout(timer);
    const left = ends - Date.now();
    for (const name of ["ask", "stay"]) part(name).hidden = left <= 0;
    for (const name of ["over", "close"]) part(name).hidden = left > 0;
    if (left <= (asked ? 0 : 120_000) && !warning.open) warning.showModal();
    asked = left <= 120_000;
    // Focus never stays on a button that has gone.
    if (left <= 0) { part("close").focus(); return; }
    timer = setTimeout(look, Math.min(left > 120_000 ? left - 120_000 : left, 60_000));
  };
  const arm = (seconds) => { ends = Date.now() + seconds * 1000; look(); };
  arm(Number(warning.dataset.seconds));
  // Whoever writes live is there, without asking for a page: the question comes later.
  addEventListener("tandem-alive", (event) => { if (event.detail > 0 && !warning.open) arm(event.detail); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !(warning.open && ends <= Date.now())) look(); });
  part("close").addEventListener("click", () => warning.close());
  part("stay").addEventListener("click", async () => {
    try {
      const answer = await fetch(location.pathname, { credentials: "same-origin", redirect: "manual" });
      // The page says how long this session lasts now: near its absolute end that is not the whole time again.
      const seconds = answer.ok && (await answer.text()).match(/data-seconds="(\d+)"/)?.[1];
      if (seconds) { warning.close(); arm(Number(seconds)); }
    } catch { /* the line is down: the question stays */ }
  });
}

// Words that were kept on this device until they could be sent go when somebody signs out.
const forgetItems = (kind) => {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(`${kind} `)) localStorage.removeItem(name);
  } catch { /* nothing was kept */ }
};
for (const form of document.querySelectorAll('form[action="/sign-out"]')) {
  form.addEventListener("submit", () => forgetItems("unsent"));
}

// What can be read without a line is kept by a program of its own (sw.js). Nothing waits for it.
const worker = document.querySelector("script[data-kept]") && navigator.serviceWorker;
if (worker) addEventListener("load", () => worker.register("/sw.js").catch(() => undefined));

// The page for when there is no line: the designs that are kept here.
const keptHere = document.getElementById("kept-here");
if (keptHere && "caches" in window) (async () => {
  const lines = keptHere.querySelector("ul");
  for (const name of (await caches.keys()).filter((name) => name.startsWith("kept "))) {
    const shelf = await caches.open(name);
    for (const { url } of await shelf.keys()) {
      const { pathname } = new URL(url);
      if (!/^\/designs\/[^/]+$/.test(pathname)) continue;
      const page = new DOMParser().parseFromString(await (await shelf.match(url)).text(), "text/html");
      const title = page.querySelector("h1")?.textContent.trim();
      const line = document.createElement("li");
      const link = (href, words) => {
        const made = document.createElement("a");
        [made.href, made.textContent] = [href, words];
        line.append(made, " ");
      };
      link(pathname, title);
      if (await shelf.match(`${pathname}/write`)) link(`${pathname}/write`, `${lines.dataset.write}: ${title}`);
      lines.append(line);
      keptHere.hidden = false;
    }
  }
})();
