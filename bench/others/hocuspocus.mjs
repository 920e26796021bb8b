// Hocuspocus as it comes: one process, everything in memory, nothing kept anywhere.
// node hocuspocus.mjs PORT, with its packages in NODE_PATH's folder (E2E style: tools/bench.sh says where).
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.OTHERS}/`);
const { Server } = await import(pathToFileURL(require.resolve("@hocuspocus/server")).href);
await new Server({ port: Number(process.argv[2]), address: "127.0.0.1", quiet: true }).listen();
console.log("ready");
