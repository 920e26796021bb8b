// One real piece of work, from the first promise to "Did it work?", with JavaScript on, and axe after every step.
import { startServer, stopServer, test } from "./house";
import { story } from "./story";

test("from the promise to “did it work?”, with JavaScript", async ({ browser, wrongs }) => {
  test.setTimeout(420_000);
  const server = await startServer();
  try {
    await story(browser, server, wrongs, { scripts: true, title: "Benches with scripts" });
  } finally {
    await stopServer(server);
  }
});
