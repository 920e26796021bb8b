import { defineConfig } from "@playwright/test";

const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export default defineConfig({
  testDir: "tests",
  fullyParallel: true,
  workers: process.env.TANDEM_WORKERS ? Number(process.env.TANDEM_WORKERS) : 2,
  retries: 0,
  timeout: 60_000,
  globalSetup: "./setup.ts",
  reporter: "list",
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: process.env.TANDEM_CHROMIUM ?? "/usr/bin/chromium", args: flags },
    viewport: { width: 1280, height: 900 },
    screenshot: "off",
    trace: "off",
    locale: "en-GB",
    timezoneId: "Europe/London",
  },
});
