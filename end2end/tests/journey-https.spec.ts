// The same piece of work over https, as in production: cookies that no other site can set or read, and a browser that is
// told to come by https only.
import { connect } from "node:net";
import { expect, signIn, somebody, startServer, stopServer, test, newPage } from "./house";
import { ownCertificate } from "./server";
import { story } from "./story";

/** What comes back when plain http is spoken to that port. */
function plainly(port: number): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"));
    socket.on("data", (bytes) => { heard += bytes.toString("latin1"); });
    socket.on("error", () => resolve(heard));
    socket.on("close", () => resolve(heard));
  });
}

test("from the promise to “did it work?”, over https", async ({ browser, wrongs }) => {
  test.setTimeout(240_000);
  const server = await startServer(ownCertificate());
  expect(server.url).toMatch(/^https:/);
  try {
    const page = await newPage(browser, server, wrongs, { ignoreHTTPSErrors: true });
    for (const path of ["/", "/sign-in", "/nothing-is-here", "/static/mark.svg"]) {
      const answer = (await page.request.get(path))!;
      expect(answer.headers()["strict-transport-security"], path).toBe("max-age=63072000; includeSubDomains");
    }
    await signIn(page, somebody("a young person with a card", (p) => !!p.code));
    await page.goto("/display");
    await page.locator("input[name=theme][value=dark]").check();
    await page.locator("main button.main").click();
    const cookies = await page.context().cookies();
    expect(cookies.map((c) => c.name).sort()).toEqual(expect.arrayContaining(["__Host-tandem-display", "__Host-tandem-session"]));
    for (const cookie of cookies) {
      expect(cookie.name).toMatch(/^__Host-/);
      expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: "Lax", path: "/", domain: "127.0.0.1" });
    }
    // Scripts see none of them.
    expect(await page.evaluate(() => document.cookie)).toBe("");
    await page.context().close();
    // Plain http gets nothing from this port, so nothing can be read or changed on the way.
    expect(await plainly(server.port)).not.toMatch(/^HTTP|<html|set-cookie/i);

    await story(browser, server, wrongs, { scripts: true, title: "Benches over https", seen: true });
  } finally {
    await stopServer(server);
  }
});
