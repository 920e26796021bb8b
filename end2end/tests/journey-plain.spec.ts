// One real piece of work, from the first promise to "Did it work?", with JavaScript off, and axe after every step all the same.
import { startServer, stopServer, test } from "./house";
import { story } from "./story";

test("from the promise to “did it work?”, without JavaScript", async ({ browser, wrongs }) => {
  test.setTimeout(420_000);
  const server = await startServer();
  try {
    await story(browser, server, wrongs, { scripts: false, title: "Benches without scripts" });
  } finally {
    await stopServer(server);
  }
});
