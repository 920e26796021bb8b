// The same piece of work on PostgreSQL: the demo moves there as a council would move, by export and import, and people go on.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer, stopServer, test } from "./house";
import { story } from "./story";

/** A new database of the PostgreSQL that the tests run beside. */
function database(name: string): string {
  const folder = new URL(process.env.TANDEM_TEST_POSTGRES!).searchParams.get("host")!;
  return execFileSync(join(import.meta.dirname, "..", "..", "tools", "postgres.sh"), ["database", folder, name], { encoding: "utf8" }).trim();
}

test("from the promise to “did it work?”, on PostgreSQL", async ({ browser, wrongs }) => {
  test.setTimeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), "tandem-moving-"));
  cpSync(process.env.TANDEM_E2E!, folder, { recursive: true });
  const url = database(`e2e_${process.pid}`);
  const run = (database: string, ...words: string[]) =>
    execFileSync(process.env.TANDEM_BIN!, words, { cwd: folder, env: { ...process.env, DATABASE_URL: database, TANDEM_KEYS: join(folder, "keys") }, stdio: "ignore" });
  run(`sqlite:${join(folder, "tandem.db")}`, "export", "all.zip", "--move");
  run(url, "import", "all.zip");
  rmSync(folder, { recursive: true });
  const server = await startServer({ DATABASE_URL: url });
  try {
    await story(browser, server, wrongs, { scripts: true, title: "Benches on PostgreSQL", seen: true });
  } finally {
    await stopServer(server);
  }
});
