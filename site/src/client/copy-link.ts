/** Copies the address with the snapshot pinned, and says so where an address was made for another snapshot. */
const button = document.querySelector<HTMLButtonElement>("button[data-snapshot]");
const notice = document.querySelector<HTMLElement>(".superseded");
const snapshot = button?.dataset.snapshot ?? "";
const asked = new URLSearchParams(location.search).get("snap");

if (notice && asked !== null && asked !== snapshot) {
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => {
    notice.hidden = true;
  });
  const changes = document.createElement("a");
  changes.href = notice.dataset.changes ?? "";
  changes.textContent = "what was added, removed or scored anew";
  const words = `This link was made for snapshot ${asked.slice(0, 64)}; the site now shows ${snapshot}. Numbers may differ: see `;
  notice.replaceChildren(words, changes, ". ", close);
  notice.hidden = false;
}

button?.addEventListener("click", async () => {
  const address = new URL(location.href);
  address.searchParams.set("snap", snapshot);
  try {
    await navigator.clipboard.writeText(address.href);
    button.textContent = "Link copied";
  } catch {
    button.textContent = "The browser forbids copying";
  }
});
