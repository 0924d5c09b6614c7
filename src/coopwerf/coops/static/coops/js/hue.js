// Show the page in the hue under the slider at once. Without this, a button does it.
const slider = document.querySelector("[data-hue]");
const tryIt = document.querySelector("[data-try-hue]");

if (slider && document.documentElement.style.setProperty) {
  if (tryIt) tryIt.hidden = true;
  slider.addEventListener("input", () => document.documentElement.style.setProperty("--brand-h", slider.value));
}
