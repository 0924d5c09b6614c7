// Bring whoever sent a form with mistakes to the list of what to mend.
export function focusOnErrors(root) {
  const list = root.querySelector("[data-focus]");
  if (list && !list.closest("[data-still]")) list.focus();
}
