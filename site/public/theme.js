// Runs before anything is painted, so that a chosen theme never flashes the other one first.
(() => {
  const root = document.documentElement;
  // A table that is painted while it still comes in changes its columns with every row; parsed.js takes this away again.
  root.classList.add("parsing");
  const key = "assay-theme";
  const recall = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // A browser may forbid storage; the choice then lasts as long as the page.
    }
  };
  const apply = (theme) => {
    const known = theme === "light" || theme === "dark" ? theme : "auto";
    if (known === "auto") delete root.dataset.theme;
    else root.dataset.theme = known;
    const choice = document.getElementById("theme");
    if (choice) choice.value = known;
  };
  apply(recall());
  document.addEventListener("DOMContentLoaded", () => {
    apply(recall());
    document.getElementById("theme")?.addEventListener("change", (event) => {
      apply(event.target.value);
      try {
        localStorage.setItem(key, event.target.value);
      } catch {
        // See above.
      }
    });
  });
  // Another tab of this site may choose.
  addEventListener("storage", (event) => {
    if (event.key === key) apply(event.newValue);
  });
})();
