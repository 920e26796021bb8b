// Small comforts that every page works without. No dependencies, no WASM.

// Leave now: replaces the page, so that Back does not come here again. Shift three times does the same.
const leave = document.querySelector("[data-leave]");
if (leave) {
  const go = (event) => {
    event?.preventDefault();
    document.documentElement.hidden = true;
    location.replace(leave.href);
  };
  leave.addEventListener("click", go);
  let shifts = [];
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") { shifts = []; return; }
    const now = event.timeStamp;
    shifts = [...shifts.filter((at) => now - at < 2000), now];
    if (shifts.length >= 3) go();
  });
}

// A refused form, or thanks after an act: the words take the focus, as a page that was just opened would be read.
document.querySelector("#error-summary, [data-focus]")?.focus();

// Show and hide a password.
for (const button of document.querySelectorAll("[data-show]")) {
  const field = document.getElementById(button.dataset.show);
  const words = [button.textContent, button.dataset.hideWords];
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.textContent = words[shown ? 1 : 0];
  });
}

// Two minutes before a session ends: ask. Nothing is counted down on screen.
const warning = document.getElementById("session-warning");
if (warning) {
  const arm = () => setTimeout(() => warning.showModal(), Math.max(0, (Number(warning.dataset.seconds) - 120) * 1000));
  let timer = arm();
  warning.querySelector("[data-stay]").addEventListener("click", async () => {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (answer.ok) { warning.close(); clearTimeout(timer); timer = arm(); }
  });
}
