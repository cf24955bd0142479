// Lets this browser show reminders: it asks, its maker's service gives it an address, and the form takes that to the site.
{
  const form = document.querySelector("form[data-push]");
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

  async function subscribe(event) {
    event.preventDefault();
    const refused = form.querySelector("[data-refused]");
    refused.hidden = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") throw new Error("refused");
      const worker = await navigator.serviceWorker.ready;
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
