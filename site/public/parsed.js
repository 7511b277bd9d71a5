// Stands at the end of the page: all its tables are there.
document.documentElement.classList.remove("parsing");
