// The program, started on a copy of the demo database, and its people.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { get as getPlain } from "node:http";
import { get as getSecure } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export type Group = { slug: string; name: string; visibility: string; role: string };
export type Person = {
  name: string; role: string; groups: Group[];
  sign_in_name?: string; password?: string; code?: string; pictures?: string[]; card?: string;
};

let known: Person[] | undefined;
/** Everybody in the demo, with what they sign in with. */
export function people(): Person[] {
  if (!known) {
    const told = JSON.parse(readFileSync(join(process.env.TANDEM_E2E!, "people.json"), "utf8"));
    known = (Array.isArray(told) ? told : told.people) as Person[];
  }
  return known;
}

/** The first person who fits. A test that finds nobody fails with what it looked for. */
export function somebody(what: string, fits: (p: Person) => boolean): Person {
  const found = people().find(fits);
  if (!found) throw new Error(`the demo has nobody who is ${what}`);
  return found;
}

export const inGroup = (p: Person, role: string, visibility?: string) =>
  p.groups.some((g) => g.role === role && (!visibility || g.visibility === visibility));

/** Somebody who is this in the group of this name. */
export const roleIn = (group: string, role: string) =>
  somebody(`a ${role} of ${group}`, (p) => p.groups.some((g) => g.name === group && g.role === role));

export type Server = { url: string; port: number; folder: string; extra: Record<string, string>; process: ChildProcess;
  /** It was started anew: while it was away, what open pages asked for by themselves was refused. */
  wasAway?: boolean;
};

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

function status(url: string): Promise<number> {
  return new Promise((resolve) => {
    const request = url.startsWith("https:")
      ? getSecure(url, { rejectUnauthorized: false }, (answer) => { answer.resume(); resolve(answer.statusCode ?? 0); })
      : getPlain(url, (answer) => { answer.resume(); resolve(answer.statusCode ?? 0); });
    request.on("error", () => resolve(0));
  });
}

async function start(folder: string, port: number, extra: Record<string, string>): Promise<ChildProcess> {
  const env = {
    ...process.env, DATABASE_URL: `sqlite:${join(folder, "tandem.db")}`, TANDEM_KEYS: join(folder, "keys"),
    TANDEM_ADDR: `127.0.0.1:${port}`, TANDEM_LOG: "error", ...extra,
  };
  const child = spawn(extra.TANDEM_BIN ?? process.env.TANDEM_BIN!, ["serve"], { env, cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const ready = `${extra.TANDEM_TLS_CERT ? "https" : "http"}://127.0.0.1:${port}/readyz`;
  const until = Date.now() + 30_000;
  while ((await status(ready)) !== 200) {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}`);
    if (Date.now() > until) throw new Error("the program is not ready after 30 seconds");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return child;
}

/** Starts the program on a copy of the demo database and waits until it answers. `extra`: further settings. */
export async function startServer(extra: Record<string, string> = {}): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-server-"));
  const from = process.env.TANDEM_E2E!;
  for (const name of ["tandem.db", "keys"]) cpSync(join(from, name), join(folder, name), { recursive: true });
  for (const name of ["tandem.db-wal", "tandem.db-shm"]) {
    if (existsSync(join(from, name))) cpSync(join(from, name), join(folder, name));
  }
  const port = await freePort();
  const url = `${extra.TANDEM_TLS_CERT ? "https" : "http"}://127.0.0.1:${port}`;
  return { url, port, folder, extra, process: await start(folder, port, extra) };
}

async function stop(server: Server) {
  if (server.process.exitCode !== null) return;
  const gone = new Promise((resolve) => server.process.once("exit", resolve));
  server.process.kill("SIGTERM");
  await gone;
}

export async function stopServer(server: Server) {
  await stop(server);
  rmSync(server.folder, { recursive: true, force: true });
}

/** Stops the program: nobody can be reached any more. */
export async function cut(server: Server) {
  server.wasAway = true;
  await stop(server);
}

/** Starts the program again where it was. */
export async function mend(server: Server) {
  server.process = await start(server.folder, server.port, server.extra);
}

/** Stops the program and starts it again on the same database at the same address, that many days later: nothing else
 * closes a vote. What was said before must still be there, as after every restart. */
export async function daysLater(server: Server, days: number) {
  await cut(server);
  const extra = { ...server.extra, TANDEM_CLOCK_AHEAD: String(days * 86_400) };
  server.process = await start(server.folder, server.port, extra);
}

/** The program of development builds, which has a door that releases do not have: the kit. The Rust tests build it. */
export const developmentProgram = () => process.env.TANDEM_DEBUG_BIN ?? join(dirname(process.env.TANDEM_BIN!), "..", "debug", "tandem");

/** A certificate of our own for 127.0.0.1, made for this run, and the settings that serve by it. */
export function ownCertificate(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-tls-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  execFileSync("openssl", [
    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert,
  ], { stdio: "ignore" });
  return { TANDEM_TLS_CERT: cert, TANDEM_TLS_KEY: key };
}
