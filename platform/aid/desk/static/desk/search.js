// Search that follows what is typed. Without it, the same form is sent and the page comes back: nothing else changes.

const PAUSE = 180;
const entry = document.querySelector("form[data-entry]");

for (const form of document.querySelectorAll("form[data-found]")) {
  follow(form, form.querySelector("input[type=search]"), document.getElementById(form.dataset.found));
}
startWhereTypingGoesOn();

function follow(form, input, found) {
  const announced = document.getElementById("combien");
  let waiting = 0;
  let asked = new AbortController();

  async function search() {
    asked.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(form.dataset.url, {
        method: "POST",
        body: new FormData(form),
        credentials: "same-origin",
        signal: asked.signal,
      });
      if (!answer.ok) return form.submit();
      found.innerHTML = await answer.text();
      announced.textContent = found.querySelector("[data-count]")?.textContent ?? "";
      if (entry) copyToNewPerson(results(found).length ? "" : input.value.trim());
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, PAUSE);
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    await search();
    results(found)[0]?.focus();
  });

  // Down from the field to the results, up and down among them.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [input, ...results(found)];
    const here = stops.indexOf(document.activeElement);
    const next = stops[here + (event.key === "ArrowDown" ? 1 : -1)];
    if (here === -1 || !next) return;
    event.preventDefault();
    next.focus();
  });

  // « C’est elle » keeps what is typed already.
  found.addEventListener("click", (event) => {
    const chosen = event.target.closest("a[data-person]");
    if (!chosen || !entry || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    send("personne", chosen.dataset.person);
    send("garder", "1");
    entry.submit();
  });
}

function results(found) {
  return [...found.querySelectorAll("a")];
}

function send(name, value) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = name;
  field.value = value;
  entry.append(field);
}

// What was looked for in vain need not be typed again.
function copyToNewPerson(text) {
  const looksLikeNumber = /^[+\d][\d\s.()-]*$/.test(text);
  const [first, ...rest] = looksLikeNumber ? [""] : text.split(/\s+/);
  fill("first_name", first);
  fill("last_name", rest.join(" "));
  fill("phone", looksLikeNumber ? text : "");
}

function fill(name, value) {
  const field = entry.elements[name];
  if (field && (field.value === "" || field.value === field.dataset.copied)) {
    field.value = field.dataset.copied = value;
  }
}

// Errors take the focus themselves (autofocus).
function startWhereTypingGoesOn() {
  if (!entry || document.querySelector(".ds-error-summary")) return;
  const first = entry.elements.personne ? entry.querySelector("input:not([type=hidden])") : null;
  (first ?? document.querySelector("form[data-found] input[type=search]"))?.focus();
}
