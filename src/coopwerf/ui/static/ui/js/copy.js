// Copy a text to the clipboard: <button type="button" data-copy="BE68 …" data-copied="Copied" hidden>.
export function offerCopying(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("button[data-copy]")) {
    const label = [...button.childNodes];
    let shown = 0;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied;
      clearTimeout(shown);
      shown = setTimeout(() => button.replaceChildren(...label), 2000);
    });
  }
}
