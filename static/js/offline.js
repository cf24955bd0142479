// What is written without a network waits here, on this device, until it is sent. The pages and the worker share this file.
const WAITING = "waiting";
const TRY_AGAIN = 30_000; // ms
const KEPT_BACK = ["csrfmiddlewaretoken", "who", "typed_at", "id"]; // a token is never kept; the rest has a place of its own

function waitingRoom(mode, act) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("settle", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(WAITING, { keyPath: "id" });
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const room = opening.result;
      const deal = room.transaction(WAITING, mode, { durability: "strict" });
      const asked = act(deal.objectStore(WAITING));
      deal.oncomplete = () => (room.close(), done(asked.result));
      deal.onabort = () => (room.close(), failed(deal.error));
    };
  });
}
const everybodys = () => waitingRoom("readonly", (room) => room.getAll()).catch(() => []);
const letGo = (id) => waitingRoom("readwrite", (room) => room.delete(id));

// The moment of typing stays with an entry, however often it is opened again before it is sent.
async function putAside(pairs, who) {
  const said = new Map(pairs);
  const id = said.get("id") || crypto.randomUUID();
  const before = (await everybodys()).find((one) => one.id === id);
  const at = before?.at ?? (Number(said.get("typed_at")) || Date.now());
  const fields = pairs.filter(([name, value]) => typeof value === "string" && !KEPT_BACK.includes(name));
  const entry = { id, who: said.get("who") || who, at, fields };
  await waitingRoom("readwrite", (room) => room.put(entry));
  return entry;
}

if (self.document) {
  const body = document.body;
  const offline = document.querySelector("[data-offline]");
  const banner = document.querySelector("[data-unsent]");
  // Who writes on this device, remembered for the page without a network.
  const who = writer();
  const mine = async () => (await everybodys()).filter((one) => one.who === who).sort((one, other) => one.at - other.at);
  const pairsOf = (entry) => [...entry.fields, ["id", entry.id], ["who", entry.who], ["typed_at", String(entry.at)]];

  // ---- Sending what waits: from a page, with a token as fresh as the page; the server knows an entry by its id.

  let token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  const freshToken = async () => (token = (await (await fetch("/entries/add/")).text()).match(/csrfmiddlewaretoken" value="(\w+)"/)?.[1]);
  async function send(entry) {
    const post = () => fetch("/entries/add/", { method: "POST", headers: { Accept: "application/json", "X-CSRFToken": token ?? "" }, body: new URLSearchParams(pairsOf(entry)) });
    let answer = token ? await post() : null;
    if ((!answer || answer.status === 403) && (await freshToken())) answer = await post();
    return answer;
  }

  async function sendAll() {
    for (const entry of await mine()) {
      if (entry.trouble) continue;
      const answer = await send(entry);
      if (answer?.ok) {
        saved = (await answer.json()).url; // a gateway's page in its place throws
        await letGo(entry.id);
      } else if (answer?.status === 409 || answer?.status === 422) {
        await waitingRoom("readwrite", (room) => room.put({ ...entry, trouble: answer.status === 409 ? "differs" : "invalid" }));
      } else {
        if (!answer || answer.status === 401) banner?.querySelector("[data-sign-in]")?.removeAttribute("hidden");
        return;
      }
    }
  }

  // One tab at a time. A connection that comes back during a round may come just after it failed: it starts another.
  let sending = false;
  let again = false;
  let trying;
  async function flush() {
    const waiting = await show();
    if (!who || !waiting.length) return;
    again = true;
    if (sending) return;
    sending = true;
    while (again) {
      again = false;
      try {
        await (navigator.locks ? navigator.locks.request("settle", { ifAvailable: true }, (ours) => ours && sendAll()) : sendAll());
      } catch {} // no network yet
    }
    sending = false;
    clearTimeout(trying);
    if ((await show()).some((one) => !one.trouble)) trying = setTimeout(flush, TRY_AGAIN);
  }

  // What waited is called saved when none of it waits any longer.
  let saved = null;
  async function show() {
    const waiting = await mine();
    if (banner) {
      const count = banner.querySelector("[data-count]");
      const arrived = banner.querySelector("[data-arrived]");
      arrived.hidden = !saved || waiting.length > 0;
      if (saved) arrived.querySelector("a").href = saved;
      count.textContent = waiting.length === 1 ? count.dataset.one : count.dataset.many.replace("%", waiting.length);
      count.parentElement.hidden = !waiting.length;
      banner.hidden = !waiting.length && arrived.hidden;
    }
    if (offline) list(waiting);
    return waiting;
  }

  // ---- The page that opens without a network

  const form = document.querySelector("form[data-draft=log]");
  let numbers = JSON.parse(localStorage.getItem("numbers") ?? "{}");

  function list(waiting) {
    const rows = offline.querySelector("[data-rows]");
    const row = offline.querySelector("template[data-row]").content;
    rows.parentElement.hidden = !waiting.length;
    if (!waiting.length) offline.querySelector("[data-said]").hidden = true;
    rows.replaceChildren(...waiting.map((entry) => {
      const item = row.cloneNode(true);
      const said = new Map(entry.fields);
      item.querySelector("[data-when]").textContent = new Date(entry.at).toLocaleString(document.documentElement.lang.replace(/^en$/, "en-GB"), { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      item.querySelector("[data-pain]").textContent = said.get("pain") ?? "–";
      const trouble = item.querySelector("[data-trouble]");
      if (entry.trouble) trouble.textContent = trouble.dataset[entry.trouble];
      item.querySelector("[data-open]").addEventListener("click", () => (entry.trouble ? look(entry) : open(entry)));
      const drop = item.querySelector("[data-drop]");
      drop.addEventListener("click", async () => confirm(drop.dataset.ask) && (await letGo(entry.id), show()));
      return item;
    }));
  }

  // A tick that this page does not ask for stays.
  const beyond = ({ fields }) => fields.filter(([name, value]) => !all(`[name="${name}"]`, form).some((field) => field.type !== "checkbox" || field.value === value));

  let opened;
  function open(entry) {
    opened = entry;
    form.reset();
    fill(form, pairsOf(entry));
    scrollTo(0, 0);
    form.querySelector("input[name=pain]:checked, input[name=pain]").focus();
  }

  // What the server could not take is shown by the server's own page, with every word in it.
  async function look(entry) {
    const sent = document.createElement("form");
    sent.method = "post";
    sent.action = "/entries/add/";
    for (const [name, value] of [...pairsOf(entry), ["csrfmiddlewaretoken", token ?? (await freshToken().catch(() => "")) ?? ""]]) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      sent.append(input);
    }
    document.body.append(sent);
    sent.submit();
  }

  // Red flags are answered at once, by what this device knows.
  function advise(codes, unkept) {
    const emergency = codes.some((code) => offline.dataset.emergency.split(" ").includes(code));
    const advice = offline.querySelector(`template[data-advice=${emergency ? "emergency" : "same-day"}]`).content.cloneNode(true).firstElementChild;
    advice.querySelector("[data-anywhere]").hidden = Boolean(numbers.practice) || (numbers.emergency ?? "112") !== "112";
    for (const call of advice.querySelectorAll("[data-call]")) {
      const number = numbers[call.dataset.call] || (call.dataset.call === "emergency" && "112");
      if (!number) call.remove();
      else {
        call.href = `tel:${number.replaceAll(" ", "")}`;
        call.querySelector("strong").textContent = number;
      }
    }
    const lines = codes.map((code) => {
      const line = document.createElement("p");
      line.textContent = form.querySelector(`[name=red_flags][value="${CSS.escape(code)}"]`)?.parentElement.textContent ?? code;
      return line;
    });
    advice.querySelector("[data-ticked]").append(...lines);
    if (unkept) advice.querySelector("[data-kept]").textContent = unkept.textContent;
    const main = document.querySelector("main");
    const before = [...main.childNodes];
    advice.querySelector("a.done").addEventListener("click", (event) => (event.preventDefault(), main.replaceChildren(...before)));
    main.replaceChildren(advice);
    advice.querySelector("h1").focus();
  }

  async function write(event) {
    event.preventDefault();
    const pairs = [...new FormData(form), ...(opened?.id === form.elements.id.value ? beyond(opened) : [])];
    const ticked = pairs.filter(([name]) => name === "red_flags").map(([, code]) => code);
    const [noPain, noRoom] = all("[data-no-pain], [data-no-room]", offline);
    noPain.hidden = pairs.some(([name]) => name === "pain");
    noRoom.hidden = true;
    if (!noPain.hidden) form.querySelector("input[name=pain]").focus();
    else await putAside(pairs, who).then(said, () => (noRoom.hidden = false));
    if (ticked.length) advise(ticked, [noPain, noRoom].find((note) => !note.hidden));
    await flush();
  }

  function said() {
    for (const key of [draftOf("log"), LAST]) keep(key);
    form.reset();
    begin();
    const note = offline.querySelector("[data-said]");
    note.hidden = false;
    note.focus();
    scrollTo(0, 0);
  }

  function begin() {
    for (const [name, value] of [["id", crypto.randomUUID()], ["zone", Intl.DateTimeFormat().resolvedOptions().timeZone]]) form.elements[name].value = value;
    delete form.dataset.sent;
  }

  if (offline && form) {
    if (!form.elements.id.value) begin();
    form.addEventListener("submit", write);
    const [, what] = location.hash.split("#");
    if (what === "failed") offline.querySelector("[data-failed]").hidden = false;
    else if (what) everybodys().then((all) => {
      const entry = all.find((one) => one.id === what && one.who === who);
      if (entry) said();
      const ticked = entry?.fields.filter(([name]) => name === "red_flags").map(([, code]) => code);
      if (ticked?.length) advise(ticked);
      history.replaceState(null, "", location.pathname);
    });
  }

  // ---- Every page of a patient

  // What was not tried yet may say something newer.
  const done = all("[data-draft-done]").map(({ dataset }) => dataset.draftDone);
  if (done.length) everybodys().then((all) => all.filter((one) => one.trouble && done.includes(one.id)).forEach((one) => letGo(one.id)));
  let left = false;
  let registering;
  async function settleIn() {
    if (left) return;
    await (registering = navigator.serviceWorker?.register("/offline-worker.js"));
    await navigator.serviceWorker.ready;
    if (Date.now() - (numbers.at ?? 0) < 86_400_000) return;
    const answer = await fetch("/offline/numbers.json", { headers: { Accept: "application/json" } });
    const told = JSON.stringify({ ...(await answer.json()), at: Date.now() });
    if (answer.ok && !left) localStorage.setItem("numbers", told);
  }

  if (banner && body.dataset.who) {
    if (localStorage.getItem("who") !== who) {
      localStorage.removeItem("numbers");
      numbers = {};
    }
    localStorage.setItem("who", who);
    // After the page: the worker's own pages must not hold up its first words.
    addEventListener("load", () => settleIn().catch(() => {}));
  }

  // Signing out leaves nothing behind; what was not sent is asked about first. A browser may refuse a step, and no more.
  const forgetting = [
    async () => {
      for (const name of await (self.caches?.keys() ?? [])) await caches.delete(name);
    },
    async () => {
      await Promise.race([registering, new Promise((go) => setTimeout(go, 2_000))]).catch(() => {});
      await (await navigator.serviceWorker?.getRegistration())?.unregister();
    },
    async () => localStorage.clear(),
    async () => sessionStorage.clear(),
  ];
  for (const leaving of banner ? all("form[data-forget]") : []) {
    leaving.addEventListener("submit", async (event) => {
      event.preventDefault();
      const waiting = await mine();
      if (waiting.length && !confirm(banner.dataset.leaving)) return;
      left = true;
      await Promise.allSettled([...waiting.map((entry) => letGo(entry.id)), ...forgetting.map((step) => step())]);
      leaving.submit();
    });
  }
  addEventListener("online", flush);
  addEventListener("pageshow", flush);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
}
