// Weighs pages in a browser, and prints one JSON document. Part of `make bench`:
//
//   E2E_MODULES=… node end2end/weight.mjs --base http://127.0.0.1:3000 --session SECRET --island PATH NAME=PATH...
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { weigh, wordsWithoutWasm } from "./weigh.mjs";

const { chromium } = createRequire(`${process.env.E2E_MODULES}/package.json`)("playwright");
const { values: o, positionals } = parseArgs({
  allowPositionals: true,
  options: { base: { type: "string" }, session: { type: "string" }, island: { type: "string" } },
});
const browser = await chromium.launch({
  executablePath: process.env.TANDEM_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const fresh = async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  if (o.session) await context.addCookies([{ name: "tandem-session", value: o.session, url: o.base }]);
  return context;
};
const pages = [];
for (const named of positionals) {
  const [name, path] = named.split(/=(.*)/s);
  const context = await fresh();
  const first = await weigh(context, o.base + path);
  const again = await weigh(context, o.base + path);
  await context.close();
  pages.push({ name, first, again });
}
const context = await fresh();
const words = await wordsWithoutWasm(context, o.base + o.island);
await browser.close();
console.log(JSON.stringify({ pages, words }));
