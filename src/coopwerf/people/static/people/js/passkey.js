// Passkeys: a form with data-passkey="get" or "create" appears where the browser knows them. It fetches its challenge
// from data-options, has the device sign it, and is sent with what came back. Without this the mail code is the way.

const toBytes = (text) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const withIds = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

const read = (kind, { publicKey }) => {
  const options = { ...publicKey, challenge: toBytes(publicKey.challenge) };
  if (kind === "create") {
    options.user = { ...publicKey.user, id: toBytes(publicKey.user.id) };
    options.excludeCredentials = withIds(publicKey.excludeCredentials);
  } else {
    options.allowCredentials = withIds(publicKey.allowCredentials);
  }
  return { publicKey: options };
};

const written = (credential) => {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = toText(credential.response[part]);
  }
  const id = toText(credential.rawId);
  return JSON.stringify({ id, rawId: id, type: credential.type, clientExtensionResults: {}, response });
};

const use = async (form) => {
  const kind = form.dataset.passkey;
  const asked = new FormData();
  asked.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  const answer = await fetch(form.dataset.options, { method: "POST", body: asked, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const options = read(kind, await answer.json());
  const credential = await navigator.credentials[kind](options);
  form.elements.credential.value = written(credential);
  form.submit();
};

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll("[data-passkey]")) {
    form.hidden = false;
    const instead = document.querySelector("[data-passkey-instead]");
    if (instead) instead.hidden = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const failed = form.querySelector("[data-passkey-failed]");
      failed.hidden = true;
      use(form).catch(() => {
        failed.hidden = false;
      });
    });
  }
}
