// Pictures of pages, for looking at: every path at every width in every theme.
//
//   tools/shots.sh --base http://127.0.0.1:3000 --out /tmp/shots --widths 1280,390,320 --themes light,dark \
//     [--size 200] [--spacing widest] [--font lexend] [--symbols off] [--no-js] [--forced-colors] [--print] [--first]
//     [--name N --password P | --code C --pictures dog,bus,moon] PATH...
import { createRequire } from "node:module";
import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";

const { chromium } = createRequire(`${process.env.E2E_MODULES}/package.json`)("playwright");
const { values: o, positionals: paths } = parseArgs({
  allowPositionals: true,
  options: {
    base: { type: "string", default: "http://127.0.0.1:3000" },
    out: { type: "string", default: "/tmp/tandem-shots" },
    widths: { type: "string", default: "1280,390,320" },
    themes: { type: "string", default: "light,dark,contrast,cream,blue" },
    size: { type: "string", default: "100" },
    spacing: { type: "string", default: "normal" },
    font: { type: "string", default: "tandem" },
    symbols: { type: "string", default: "on" },
    name: { type: "string" },
    password: { type: "string" },
    code: { type: "string" },
    pictures: { type: "string" },
    first: { type: "boolean", default: false }, // only what is seen first, not the whole page
    print: { type: "boolean", default: false },
    "no-js": { type: "boolean", default: false },
    "forced-colors": { type: "boolean", default: false },
  },
});
mkdirSync(o.out, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
let wide = 0;
for (const theme of o.themes.split(",")) {
  for (const width of o.widths.split(",").map(Number)) {
    const context = await browser.newContext({
      viewport: { width, height: width < 700 ? 844 : 900 },
      javaScriptEnabled: !o["no-js"],
      forcedColors: o["forced-colors"] ? "active" : "none",
    });
    const https = o.base.startsWith("https://");
    await context.addCookies([{
      name: https ? "__Host-tandem-display" : "tandem-display",
      value: `theme-${theme}.size-${o.size}.spacing-${o.spacing}.font-${o.font}.symbols-${o.symbols}.motion-auto`,
      url: o.base,
    }]);
    const page = await context.newPage();
    page.on("console", (m) => m.type() === "error" && console.log(`  console: ${m.text()}`));
    if (o.name || o.code) {
      await page.goto(`${o.base}/sign-in`);
      if (o.name) {
        const all = page.locator("details.more:has([name=password])");
        if (await all.count()) await all.first().evaluate((d) => { d.open = true; });
        await page.locator("[name=name]").fill(o.name);
        await page.locator("[name=password]").fill(o.password);
        await page.locator("form:has([name=password]) button.main").click();
      } else {
        await page.locator("[name=code]").fill(o.code);
        for (const [i, p] of o.pictures.split(",").entries()) await page.locator(`[name=picture${i + 1}][value=${p}]`).check({ force: true });
        await page.locator("form:has([name=code]) button.main").click();
      }
      await page.waitForLoadState();
    }
    if (o.print) await page.emulateMedia({ media: "print" });
    for (const path of paths) {
      const answer = await page.goto(o.base + path, { waitUntil: "load" });
      await page.evaluate(() => document.fonts.ready);
      const name = `${path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "home"}-${theme}-${width}`;
      await page.screenshot({ path: `${o.out}/${name}.png`, fullPage: !o.first });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (over > 0) wide += 1;
      console.log(`${answer.status()} ${o.out}/${name}.png${over > 0 ? `  SCROLLS SIDEWAYS by ${over}px` : ""}`);
    }
    await context.close();
  }
}
await browser.close();
process.exit(wide ? 1 : 0);
