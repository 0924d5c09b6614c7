// Show a filtered list as soon as a choice is made: <form data-submit-on-change>. Text is sent with its button.
export function submitOnChange(root) {
  for (const form of root.querySelectorAll("form[data-submit-on-change]")) {
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=radio], input[type=checkbox]")) form.requestSubmit ? form.requestSubmit() : form.submit();
    });
  }
}
