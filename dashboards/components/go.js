/* Links inside the components: a plain click goes on in this session, Ctrl-click opens a tab. */
function makeLink(link, text, className) {
  const a = document.createElement("a");
  a.href = link.href;
  a.dataset.go = JSON.stringify({ page: link.page, params: link.params });
  a.textContent = text;
  if (className) a.className = className;
  return a;
}

function followLinks(root, setTriggerValue) {
  const follow = (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const sort = event.target.closest("[data-sort]");
    if (sort) {
      event.preventDefault();
      setTriggerValue("sort", sort.dataset.sort);
      return;
    }
    const own = event.target.closest("a[data-go]");
    const row = event.target.closest("tr[data-go]");
    if (!own && !row) return;
    event.preventDefault();
    setTriggerValue("go", JSON.parse((own || row).dataset.go));
  };
  root.addEventListener("click", follow);
  return () => root.removeEventListener("click", follow);
}

function makeChip(text, tone) {
  const chip = document.createElement("span");
  chip.className = `chip ${tone}`;
  chip.textContent = text;
  return chip;
}
