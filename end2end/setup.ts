// Fills one demo database, keeps it as the start of every server that the tests run, and walks through all of its pages
// once, so that the gates know which addresses there are and who sees something different on them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export default async function setup() {
  const folder = mkdtempSync(join(tmpdir(), "tandem-e2e-"));
  const env = { ...process.env, DATABASE_URL: `sqlite:${join(folder, "tandem.db")}`, TANDEM_KEYS: join(folder, "keys") };
  const people = execFileSync(process.env.TANDEM_BIN!, ["demo", "--json"], { env, cwd: folder, encoding: "utf8", maxBuffer: 1 << 26 });
  JSON.parse(people);
  writeFileSync(join(folder, "people.json"), people);
  process.env.TANDEM_E2E = folder;
  const { startServer, stopServer } = await import("./tests/server");
  const { walk } = await import("./tests/doors");
  const server = await startServer();
  try {
    writeFileSync(join(folder, "walk.json"), JSON.stringify(await walk(server)));
  } finally {
    await stopServer(server);
  }
  return () => execFileSync("rm", ["-rf", folder]);
}
