// Fills one demo database, and keeps it as the start of every server that the tests run.
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export default function setup() {
  const folder = mkdtempSync(join(tmpdir(), "tandem-e2e-"));
  const env = { ...process.env, DATABASE_URL: `sqlite:${join(folder, "tandem.db")}`, TANDEM_KEYS: join(folder, "keys") };
  const people = execFileSync(process.env.TANDEM_BIN!, ["demo", "--json"], { env, cwd: folder, encoding: "utf8", maxBuffer: 1 << 26 });
  JSON.parse(people);
  writeFileSync(join(folder, "people.json"), people);
  process.env.TANDEM_E2E = folder;
  return () => execFileSync("rm", ["-rf", folder]);
}
