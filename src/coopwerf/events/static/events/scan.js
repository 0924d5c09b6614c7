// The desk: reads the code of a ticket with the camera, where the browser can; the typed code does the same.
const form = document.querySelector("[data-scan]");
const box = form && form.querySelector("[data-scan-box]");

// A press is answered with the desk itself: loading that page again or coming back to it opens the desk, and sends nothing.
if (form) window.history.replaceState(null, "", form.dataset.desk);

async function canScan() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return false;
  const kinds = await window.BarcodeDetector.getSupportedFormats();
  return kinds.includes("qr_code");
}

async function scan() {
  const video = box.querySelector("[data-scan-video]");
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  const look = async () => {
    if (video.hidden) return;
    const found = await detector.detect(video).catch(() => []);
    if (found.length) {
      stream.getTracks().forEach((track) => track.stop());
      video.hidden = true;
      form.elements.text.value = found[0].rawValue;
      form.querySelector("button[name=do]").click();
      return;
    }
    window.setTimeout(look, 150);
  };
  look();
}

if (box) {
  canScan().then((can) => {
    if (!can) return;
    box.hidden = false;
    box.querySelector("[data-scan-start]").addEventListener("click", () => {
      scan().catch(() => {
        box.hidden = true;
      });
    });
  });
}
