// Runs before the table is painted: a link with a view in it would otherwise show all rows first and move them after.
if (location.search) document.documentElement.classList.add("waiting");
