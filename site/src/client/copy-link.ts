/** Copies the address with the snapshot pinned, and leads to the numbers that an address was made for where they are no longer shown. */
const button = document.querySelector<HTMLButtonElement>("button[data-snapshot]");
const notice = document.querySelector<HTMLElement>(".superseded");
const snapshot = button?.dataset.snapshot ?? "";
const asked = new URLSearchParams(location.search).get("snap");

if (notice && asked !== null && asked !== snapshot) {
  const place = notice;
  void isKept(place.dataset.list, asked).then((kept) => tell(place, asked, kept));
}

/** Whether the site has a page of that snapshot. */
async function isKept(list: string | undefined, id: string): Promise<boolean> {
  if (list === undefined) return false;
  try {
    const entries = (await (await fetch(list)).json()) as { snapshot: string }[];
    return entries.some((entry) => entry.snapshot === id);
  } catch {
    return false;
  }
}

function tell(place: HTMLElement, id: string, kept: boolean): void {
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => {
    place.hidden = true;
  });
  const changes = link(place.dataset.changes ?? "", "what was added, removed or scored anew");
  const words = `This link was made for snapshot ${id.slice(0, 64)}; the site now shows ${snapshot}. Numbers may differ: see `;
  const past = kept ? [link(`${place.dataset.snapshots}${id}/`, "the numbers of that snapshot"), " and "] : [];
  place.replaceChildren(words, ...past, changes, ". ", close);
  place.hidden = false;
}

function link(address: string, text: string): HTMLAnchorElement {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = text;
  return made;
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
