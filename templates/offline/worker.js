{% load static %}// Opens the log form without a network, and keeps what is sent into nowhere. It stores no page of anybody's diary.
importScripts("{% static 'built/offline.js' %}");
const SHELL = "settle-{{ version }}";
const PAGE = "{% url 'offline-show' %}";
const FILES = [PAGE{% for file in files %}, "{% static file %}"{% endfor %}];

addEventListener("install", (event) => event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(FILES)).then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(tidy().then(() => clients.claim())));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(request.method === "POST" ? sent(request, pathname) : asked(request));
  else if (FILES.includes(pathname)) event.respondWith(fetch(request).catch(() => caches.match(pathname)));
});

async function tidy() {
  for (const name of await caches.keys()) if (name !== SHELL) await caches.delete(name);
}

const asked = (request) => fetch(request).catch(() => caches.match(PAGE));

// A proxy that answers for a server which is gone has not saved anything either.
async function sent(request, pathname) {
  const copy = request.clone();
  try {
    const answer = await fetch(request);
    if (pathname !== "{% url 'entries-add' %}" || ![502, 504].includes(answer.status)) return answer;
  } catch {}
  let told = "failed";
  if (pathname === "{% url 'entries-add' %}") {
    const entry = await copy.formData().then((form) => putAside([...form], "")).catch(() => null);
    if (entry) told = entry.id;
  }
  return Response.redirect(`${PAGE}#${told}`, 303);
}

// A reminder: two short lines, the same on every day. Pressing it opens the diary.
addEventListener("push", (event) => {
  const { title = "Settle", text = "" } = event.data?.json() ?? {};
  event.waitUntil(registration.showNotification(title, { body: text, tag: "check-in", icon: "{% static 'icons/app-192.png' %}" }));
});
// The service of a browser's maker may give it another address: where this session had one, the site learns the new one.
addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
async function renew({ oldSubscription, newSubscription }) {
  const renewed = newSubscription ?? (oldSubscription && (await registration.pushManager.subscribe(oldSubscription.options)));
  const page = await (await fetch("{% url 'reminders-amend' %}")).text();
  const [, token] = page.match(/csrfmiddlewaretoken" value="(\w+)"/) ?? [];
  if (!renewed || !token) return;
  const { endpoint, keys } = renewed.toJSON();
  const said = { endpoint, point: keys.p256dh, secret: keys.auth, renews: "on", csrfmiddlewaretoken: token };
  await fetch("{% url 'subscriptions-add' %}", { method: "POST", body: new URLSearchParams(said), redirect: "manual" });
}
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.matchAll({ type: "window" }).then(([open]) => (open ? open.focus() : clients.openWindow("{% url 'today-show' %}"))));
});
