// Comforts on top of pages that work without them. Nothing here is needed to log, read or share.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// The zone a time is said in: guessed here, decided by the server. To find it out may take
// longer than to draw a page: where nobody sees it, that waits until a form is sent.
const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "";
addEventListener("submit", ({ target }) => { for (const input of all("input[data-zone]", target)) input.value ||= here(); }, true);
// Only in place of what the server chose: what a person has chosen comes back with the page and stays.
for (const select of all("select[data-zone]")) if (select.selectedOptions[0]?.defaultSelected) select.value = all("option", select).find((choice) => choice.value === here())?.value ?? select.value;

// One press, one entry. The button is not disabled: its own name and value must travel too.
for (const form of all("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    const button = event.submitter;
    button?.setAttribute("aria-disabled", "true");
    if (button?.dataset.busy) {
      button.dataset.idle = button.textContent;
      button.textContent = button.dataset.busy;
    }
  });
}
// Back brings the page as it was left: let it be sent again. Shown for the first time, a page may have been sent already.
addEventListener("pageshow", ({ persisted }) => {
  for (const form of persisted ? all("form[data-sent]") : []) {
    delete form.dataset.sent;
    for (const button of all("[aria-disabled]", form)) {
      button.removeAttribute("aria-disabled");
      if (button.dataset.idle) button.textContent = button.dataset.idle;
    }
  }
});

// A draft lives in this tab for an hour, so that a lost network or an expired login costs no word. Two tabs never share one.
const HOUR = 3_600_000;
const keep = (key, value) => {
  try {
    value ? sessionStorage.setItem(key, JSON.stringify(value)) : sessionStorage.removeItem(key);
  } catch {} // private windows may refuse: then there is no draft
};
const kept = (key) => {
  try {
    const draft = JSON.parse(sessionStorage.getItem(key));
    return draft && Date.now() - draft.at < HOUR ? draft.fields : null;
  } catch {
    return null;
  }
};
const writer = () => {
  try {
    return document.body.dataset.who || localStorage.getItem("who") || "";
  } catch {
    return "";
  }
};
const draftOf = (name) => `draft:${writer()}:${name}`;
const drafted = (form) => all("input, select, textarea", form).filter((field) => field.name && field.name !== "csrfmiddlewaretoken" && field.type !== "password");

function fill(form, fields) {
  for (const field of drafted(form)) {
    const said = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = said.includes(field.value);
    else if (said.length) field.value = said[0];
  }
  for (const details of all("details", form)) details.open ||= Boolean(details.querySelector("input:checked"));
}

// A patient's device keeps more than drafts: offline.js wipes it.
for (const form of document.querySelector("[data-unsent]") ? [] : all("form[data-forget]")) form.addEventListener("submit", () => sessionStorage.clear());
// What this tab sent last is what the page after it says to be saved. A page of one entry drops no draft of another.
const LAST = "last-sent";
const last = kept(LAST);
if (last && document.querySelector("[data-saved]")) keep(last);
if (document.querySelector(".errors")) keep(LAST); // it was not saved: no page to come says that it was
const idIn = (fields) => fields?.find(([name]) => name === "id")?.[1];
for (const { dataset } of all("[data-draft-done]")) {
  const key = draftOf(dataset.draftDone);
  if (!dataset.of || last === key || idIn(kept(key)) === dataset.of) keep(key);
  if (dataset.of && last === key) keep(LAST);
}
addEventListener("submit", ({ target }) => target.method === "post" && keep(LAST, { at: Date.now(), fields: target.dataset.draft && draftOf(target.dataset.draft) }));

for (const form of all("form[data-draft]")) {
  const key = draftOf(form.dataset.draft);
  const id = idIn(kept(key));
  if (id && document.querySelector(`[data-sent="${CSS.escape(id)}"]`)) keep(key); // it stands on this page already
  const fields = kept(key);
  // Shown again with errors, the form already holds what was typed.
  if (fields && !document.querySelector(".errors")) {
    fill(form, fields);
    form.querySelector("[data-draft-note]")?.removeAttribute("hidden");
  }
  const save = () => keep(key, { at: Date.now(), fields: [...new FormData(form)].filter(([name, value]) => typeof value === "string" && drafted(form).some((field) => field.name === name)) });
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  form.querySelector("[data-draft-drop]")?.addEventListener("click", () => keep(key));
}

// An optional answer can be taken back, which radio buttons alone cannot.
for (const button of all("[data-clear]")) {
  const choices = all("input[type=radio]", button.parentElement);
  const show = () => (button.hidden = !choices.some((choice) => choice.checked));
  button.parentElement.addEventListener("change", show);
  button.addEventListener("click", () => {
    for (const choice of choices) choice.checked = false;
    choices[0].focus();
    choices[0].dispatchEvent(new Event("change", { bubbles: true }));
  });
  show();
}

for (const button of all("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

for (const box of navigator.clipboard ? all("[data-copy]") : []) {
  const button = box.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(box.querySelector("pre").textContent);
    button.textContent = button.dataset.done;
  });
}
