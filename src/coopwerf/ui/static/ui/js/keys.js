// Work by keyboard: inside <div data-keys tabindex="-1"> one key presses what carries it, <button data-key="j arrowdown">.
// They act only while the focus is in there and nobody types, and <input type="checkbox" data-keys-switch> turns them off.
const OFF = "coopwerf-keys-off";

function isOff() {
  try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
}

function remember(off) {
  try { off ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF); } catch { /* then for this page only */ }
}

export function offerKeys(root) {
  const place = root.querySelector("[data-keys]");
  if (!place) return;
  let off = isOff(), busy = false;
  for (const box of root.querySelectorAll("[data-keys-switch]")) {
    box.closest("[hidden]")?.removeAttribute("hidden");
    box.checked = !off;
    box.addEventListener("change", () => { off = !box.checked; remember(off); });
  }
  addEventListener("pageshow", () => { busy = false; });
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (off || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!place.contains(at) || at.closest("textarea, select, input:not([type=checkbox]):not([type=radio])")) return;
    if ((event.key === "Enter" || event.key === " ") && at.closest("a, button, summary, input")) return;
    const key = event.key.toLowerCase();
    const found = [...place.querySelectorAll("[data-key]")].find((one) => one.dataset.key.split(" ").includes(key));
    if (!found) return;
    event.preventDefault();
    // A key that is held down goes on in the next page: it may move there, but not book.
    const acts = found.matches("button");
    if (busy || (acts && event.repeat)) return;
    busy = acts || found.matches("a");
    if (found.matches("details")) { found.open = !found.open; } else if (found.matches("input")) { found.focus(); found.select(); } else { found.click(); }
  });
  const start = place.querySelector("[data-keys-start]");
  if (start && !off && !location.hash && !root.querySelector("[data-focus]")) start.focus({preventScroll: true});
}
