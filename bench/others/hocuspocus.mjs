// Hocuspocus as it comes: one process, everything in memory, nothing kept anywhere.
// OTHERS=folder-with-node_modules node hocuspocus.mjs PORT: bench/src/together/others.rs starts it.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.OTHERS}/`);
const { Server } = await import(pathToFileURL(require.resolve("@hocuspocus/server")).href);
await new Server({ port: Number(process.argv[2]), address: "127.0.0.1", quiet: true }).listen();
console.log("ready");
