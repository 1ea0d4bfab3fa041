// Passkeys: asks the browser to make one, or to prove that it holds one, and sends its answer with the form.
// Without it the same pages open by an application's six digits.

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (window.PublicKeyCredential) prepare(form);
}

function prepare(form) {
  const button = form.querySelector("button");
  const answer = form.elements.answer;
  const trouble = form.querySelector("[data-trouble]");
  form.hidden = false;
  document.querySelector("[data-without-passkeys]")?.setAttribute("hidden", "");

  form.addEventListener("submit", async (event) => {
    if (answer.value) return;
    event.preventDefault();
    if (!form.reportValidity()) return;
    trouble.hidden = true;
    button.disabled = true;
    try {
      const options = JSON.parse(form.dataset.options);
      const credential =
        form.dataset.passkey === "create"
          ? await navigator.credentials.create(forBrowser(options))
          : await navigator.credentials.get(forBrowser(options));
      answer.value = JSON.stringify(forServer(credential));
      form.submit();
    } catch {
      // Closed, refused, or too late: the person may try again, or take another way.
      trouble.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
}

function forBrowser({ publicKey }) {
  const told = { ...publicKey, challenge: toBytes(publicKey.challenge) };
  if (told.user) told.user = { ...told.user, id: toBytes(told.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (told[list]) told[list] = told[list].map((one) => ({ ...one, id: toBytes(one.id) }));
  }
  return { publicKey: told };
}

function forServer(credential) {
  const { response } = credential;
  const told = { clientDataJSON: toText(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) told[name] = toText(response[name]);
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response: told,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

// Bytes are written in base64url, without padding.
function toBytes(text) {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

function toText(buffer) {
  const letters = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
