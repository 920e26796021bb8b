// What a browser fetches for a page, by kind and as it comes over the line: the first time, and when it comes back. Used by
// the measurement (weight.mjs) and by the test that keeps to the aims (tests/weight.spec.ts).

const kinds = [
  ["wasm", /\.wasm(\?|$)/], ["js", /\.js(\?|$)/], ["css", /\.css(\?|$)/], ["fonts", /\.woff2(\?|$)/], ["symbols", /\.(svg|png)(\?|$)/],
];
const kindOf = (url) => kinds.find(([, pattern]) => pattern.test(url))?.[0] ?? "html";
const isNews = (url) => /\/(live|news)$/.test(new URL(url).pathname);

/** Opens `url` in a page of `context` and gives bytes by kind; what came from the browser's own cache weighs nothing. */
export async function weigh(context, url) {
  const page = await context.newPage();
  const line = await context.newCDPSession(page);
  const kind = new Map();
  const bytes = { html: 0, css: 0, fonts: 0, symbols: 0, js: 0, wasm: 0 };
  const files = [];
  // News is no part of a page: a stream of it never ends, and an island asks for it once it has started.
  line.on("Network.requestWillBeSent", (e) => kind.set(e.requestId, e.request.url));
  line.on("Network.loadingFinished", (e) => {
    const from = kind.get(e.requestId);
    if (!from || isNews(from) || e.encodedDataLength === 0) return;
    bytes[kindOf(from)] += e.encodedDataLength;
    files.push(`${e.encodedDataLength} ${new URL(from).pathname}`);
  });
  await line.send("Network.enable");
  await page.goto(url, { waitUntil: "load" });
  await page.evaluate(() => document.fonts.ready);
  // An island starts its WASM after the page has loaded; the polite way to wait is until it says so or has nothing to say.
  if (await page.locator("script[data-wasm]").count()) {
    await page.waitForFunction(() => performance.getEntriesByType("resource").some((r) => r.name.includes(".wasm") && r.responseEnd > 0));
  }
  // How big it is once unpacked: what a phone has to compile.
  const unpacked = await page.evaluate(() => performance.getEntriesByType("resource").filter((r) => r.name.includes(".wasm")).reduce((sum, r) => sum + r.decodedBodySize, 0));
  // What was told about the last file travels by the same pipe as this answer.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.close();
  const withoutWasm = Object.entries(bytes).reduce((sum, [name, n]) => (name === "wasm" ? sum : sum + n), 0);
  return { ...bytes, unpacked, withoutWasm, files };
}

/** Milliseconds until words stand on the screen while the WASM is held back; the page is usable then, or this fails. */
export async function wordsWithoutWasm(context, url) {
  const page = await context.newPage();
  let asked = 0;
  // Held, not refused: it never arrives while this page is open.
  await page.route(/\.wasm/, () => { asked += 1; });
  await page.goto(url, { waitUntil: "domcontentloaded" });
  await page.locator("h1").waitFor();
  const box = page.locator("main textarea:visible").first();
  await box.fill("It works before the rest is there.");
  const first = await page.evaluate(() => new Promise((done) => {
    new PerformanceObserver((list) => { for (const e of list.getEntries()) if (e.name === "first-contentful-paint") done(e.startTime); })
      .observe({ type: "paint", buffered: true });
  }));
  await page.close();
  return { first: Math.round(first), asked };
}
