// Lets this browser show reminders: it asks, its maker's service gives it an address, and the form takes that to the site.
{
  const PATIENCE = 10_000; // ms: a worker that has not come by then does not come
  const form = document.querySelector("form[data-push]");
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

  const late = () => new Promise((_, failed) => setTimeout(failed, PATIENCE));

  async function subscribe(event) {
    event.preventDefault();
    const refused = form.querySelector("[data-refused]");
    refused.hidden = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") throw new Error("refused");
      await navigator.serviceWorker.register("/offline-worker.js"); // says at once where it may not be
      const worker = await Promise.race([navigator.serviceWorker.ready, late()]);
      await (await worker.pushManager.getSubscription())?.unsubscribe(); // of another key, or of who used this browser before
      const asked = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) };
      const { endpoint, keys } = (await worker.pushManager.subscribe(asked)).toJSON();
      for (const [name, value] of Object.entries({ endpoint, point: keys.p256dh, secret: keys.auth })) form.elements[name].value = value;
      form.submit();
    } catch {
      refused.hidden = false;
    }
  }

  if (form) {
    const able = "PushManager" in window && "Notification" in window && "serviceWorker" in navigator;
    form.hidden = !able;
    form.parentElement.querySelector("[data-push-none]").hidden = able;
    form.addEventListener("submit", subscribe);
  }
}
