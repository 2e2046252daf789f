/* Headline figures; each may lead to the calls behind it. */
export default function ({ parentElement, data, setTriggerValue }) {
  const host = parentElement.querySelector(".host");
  const tiles = document.createElement("div");
  tiles.className = "tiles";
  for (const item of data.tiles) {
    const tile = item.link ? makeLink(item.link, "", "tile") : document.createElement("div");
    tile.classList.add("tile");
    if (item.alarm) tile.classList.add("alarm");
    for (const part of ["label", "value", "note"]) {
      const line = document.createElement("div");
      line.className = part;
      line.textContent = item[part] ?? "";
      tile.append(line);
    }
    tiles.append(tile);
  }
  host.replaceChildren(tiles);
  return followLinks(parentElement, setTriggerValue);
}
