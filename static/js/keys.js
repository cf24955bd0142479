// Passkeys and keys: allauth's scripts ask for one. Where the browser gives none, this says so beside the button that asked.
{
  const KIND = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known" };
  const said = document.querySelector("[data-key-said]");
  for (const box of document.querySelectorAll("[data-asks-key]")) {
    box.hidden = false; // without a script nothing asks
    // Asked again: what is said then is said anew. Before the button itself, which may be refused at once.
    box.addEventListener("click", () => (said.hidden = true), true);
    // Enter in a field beside it presses the button: without a key there is nothing to send.
    box.closest("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      box.querySelector("button").click();
    });
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault(); // allauth would write it to the console, where nobody looks
    said.textContent = said.dataset[KIND[event.detail.exception.name] ?? "failed"];
    said.hidden = false;
  });
}
