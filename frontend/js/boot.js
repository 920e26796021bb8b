// Starts the islands of a page, once everything else is there. Only pages with islands ask for this file.
const own = document.querySelector("script[data-wasm]");
const start = async () => {
  const module = await import(own.dataset.js);
  await module.default({ module_or_path: own.dataset.wasm });
  module.hydrate();
  for (const island of document.querySelectorAll("leptos-island")) {
    const wake = module[island.dataset.component];
    if (wake) wake(island);
    else console.warn(`No island is called ${island.dataset.component}`);
  }
};
start();
