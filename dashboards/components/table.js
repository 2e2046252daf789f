/* A dense table. A cell is text, or {text, tone, style, bar, sub}; a row may lead to a page. */
function makeCell(column, value, link) {
  const td = document.createElement("td");
  td.className = [column.align === "right" ? "right" : "", column.wide ? "wide" : "nowrap"].join(" ");
  const parts = Array.isArray(value) ? value : [value];
  for (const part of parts) {
    const cell = part !== null && typeof part === "object" ? part : { text: part };
    if (cell.bar !== undefined && cell.bar !== null) {
      const bar = document.createElement("span");
      const fill = document.createElement("i");
      bar.className = "bar";
      fill.style.width = `${Math.round(Math.min(Math.max(cell.bar, 0), 1) * 100)}%`;
      bar.append(fill);
      td.append(bar);
    }
    const text = cell.text === null || cell.text === undefined ? "—" : String(cell.text);
    if (cell.tone) td.append(makeChip(text, cell.tone), " ");
    else if (link && column.link) td.append(makeLink(link, text, cell.style));
    else {
      const span = document.createElement("span");
      span.textContent = text;
      if (cell.style) span.className = cell.style;
      td.append(span);
    }
    if (cell.sub) {
      const sub = document.createElement("span");
      sub.className = "sub";
      sub.textContent = cell.sub;
      td.append(sub);
    }
  }
  return td;
}

function makeHead(columns) {
  const row = document.createElement("tr");
  for (const column of columns) {
    const th = document.createElement("th");
    th.scope = "col";
    if (column.align === "right") th.className = "right";
    if (column.sort) {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.sort = column.sort;
      button.textContent = column.label;
      if (column.sorted) button.append(Object.assign(document.createElement("span"), { className: "arrow", textContent: column.sorted }));
      th.append(button);
      if (column.sorted) th.setAttribute("aria-sort", column.sorted === "↓" ? "descending" : "ascending");
    } else th.textContent = column.label;
    row.append(th);
  }
  const head = document.createElement("thead");
  head.append(row);
  return head;
}

export default function ({ parentElement, data, setTriggerValue }) {
  const host = parentElement.querySelector(".host");
  const frame = document.createElement("div");
  frame.className = "frame";
  const table = document.createElement("table");
  const body = document.createElement("tbody");
  for (const row of data.rows) {
    const tr = document.createElement("tr");
    if (row.link) tr.dataset.go = JSON.stringify({ page: row.link.page, params: row.link.params });
    for (const column of data.columns) tr.append(makeCell(column, row.cells[column.key], row.link));
    body.append(tr);
  }
  table.append(makeHead(data.columns), body);
  frame.append(table);
  if (!data.rows.length) {
    const empty = document.createElement("div");
    empty.className = "empty";
    empty.textContent = data.empty;
    frame.append(empty);
  }
  host.replaceChildren(frame);
  return followLinks(parentElement, setTriggerValue);
}
