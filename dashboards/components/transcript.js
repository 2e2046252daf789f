/* The transcript and, for a voice call, the strip above it drive the page's audio element: any
   sentence, mark or place of the wave, and any element of the page with data-jump (seconds, may be
   empty) and data-segment, leads to its moment, to the millisecond. */
function makeTurn(turn, data) {
  const row = document.createElement("div");
  row.className = `turn ${turn.role}`;
  row.dataset.segment = turn.segment;
  if (turn.start !== null) row.dataset.start = turn.start;
  for (const [name, text] of [["time", turn.time], ["who", data.roles[turn.role]], ["text", turn.text]]) {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = text;
    row.append(part);
  }
  if (turn.corrected) {
    const heard = document.createElement("details");
    heard.className = "heard";
    const label = document.createElement("summary");
    label.textContent = turn.corrected.label;
    heard.append(label, turn.corrected.heard);
    heard.addEventListener("click", (event) => event.stopPropagation());
    row.lastChild.append(heard);
  }
  if (turn.marks.length) {
    const marks = document.createElement("span");
    marks.className = "marks";
    for (const mark of turn.marks) {
      const chip = makeChip(mark.title, mark.tone);
      chip.dataset.card = mark.rule;
      marks.append(chip);
    }
    row.lastChild.append(marks);
  }
  return row;
}

/* Who is who, where no strip says so. */
function makeBar(data) {
  const bar = make("div", "bar");
  for (const role of data.shown_roles) {
    const legend = make("span", "legend");
    legend.append(make("i", `swatch ${role}`), data.roles[role]);
    bar.append(legend);
  }
  return bar;
}

/* Scroll inside the box only; the page stays where the reader has it. */
function reveal(box, row) {
  const above = row.offsetTop < box.scrollTop + 20;
  const below = row.offsetTop + row.offsetHeight > box.scrollTop + box.clientHeight - 20;
  if (above || below) box.scrollTop = row.offsetTop - box.clientHeight / 3;
}

/* The finding's card comes into view and shines for a moment. */
function showCard(rule) {
  const card = document.querySelector(`[data-finding="${CSS.escape(rule)}"]`);
  card?.scrollIntoView({ block: "center" });
  card?.animate([{ boxShadow: "0 0 0 0.35rem rgba(217, 165, 32, 0.75)" }, { boxShadow: "0 0 0 0.35rem transparent" }], 1600);
}

/* Index of the last item that starts at or before `seconds`, -1 before the first. */
function lastBefore(starts, seconds) {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export default function ({ parentElement, data }) {
  const host = parentElement.querySelector(".host");
  host.stop?.(); // Streamlit calls this again for new data without ending what it called before
  const box = make("div", "turns");
  const rows = data.turns.map((turn) => makeTurn(turn, data));
  const timed = data.turns.map((turn, n) => ({ ...turn, row: rows[n] })).filter((turn) => turn.start !== null);
  timed.sort((a, b) => a.start - b.start);
  const starts = timed.map((turn) => turn.start);
  const scrolled = host.querySelector(".turns")?.scrollTop ?? 0;
  const dark = isDark(host);
  let now = null;

  const aim = (segment) => {
    for (const row of box.querySelectorAll(".aimed")) row.classList.remove("aimed");
    const row = rows.find((one) => one.dataset.segment === String(segment));
    row?.classList.add("aimed");
    if (row) reveal(box, row);
  };
  const follow = (seconds, shown) => {
    const current = timed[lastBefore(starts, seconds + 0.05)]?.row ?? null;
    if (current === now) return;
    now?.classList.remove("now");
    current?.classList.add("now");
    now = current;
    if (current && shown) reveal(box, current);
  };
  const moved = (seeking) => {
    follow(player.now, seeking || player.playing);
    strip?.show(player.now, seeking);
  };
  const player = makePlayer(data.audio, data.playable, data.strip?.length ?? Infinity, () => moved(true));
  const jump = (seconds, segment) => {
    host.begin = undefined;
    if (segment !== undefined) aim(segment);
    if (seconds !== undefined && seconds !== "") player.seek(Number(seconds), true);
  };
  const strip = data.strip && makeStrip(data, timed, player, (host.look ??= {}), (finding) => {
    jump(finding.start, finding.segment);
    showCard(finding.rule);
  });

  const prepare = () => {
    player.audio()?.controlsList?.toggle("nodownload", data.whole); // the original is only heard here
    player.recall();
  };
  prepare();
  host.className = `host ${data.mode} ${data.lang === "en" ? "english" : ""} ${dark ? "dark" : ""}`;
  box.append(...rows);
  host.replaceChildren(...(strip ? [strip.root] : [makeBar(data)]), ...(rows.length ? [box] : []));
  box.scrollTop = scrolled;
  const fill = () => box.style.setProperty("--taken", `calc(${data.taken} + ${host.firstChild.offsetHeight}px)`);
  const sized = new ResizeObserver(fill);
  sized.observe(host.firstChild);
  fill();
  strip?.draw();
  moved(false);
  strip?.state();
  if (data.opened_at && data.opened_at.join() !== host.openedAt) {
    host.openedAt = data.opened_at.join(); // once: what is drawn anew stays where its reader has it
    const [, segment] = data.opened_at;
    aim(segment);
    host.begin = timed.find((turn) => String(turn.segment) === segment)?.start;
    if (host.begin) player.seek(host.begin);
    setTimeout(() => (host.begin = undefined), 8000);
  }
  /* A player that has loaded is set to 0 by the page, soon or late: then back, until somebody moves it. */
  const begin = (type) => {
    const away = Math.abs(player.now - host.begin) > 0.05;
    if (type === "play" || (type === "seeking" && player.now > 0 && away)) host.begin = undefined;
    else if (away && player.now === 0 && player.audio().readyState > 0) player.seek(host.begin);
  };

  let frame = 0;
  const run = () => {
    strip?.placeHead();
    frame = player.playing ? requestAnimationFrame(run) : 0;
  };
  const heard = (event) => {
    if (event.target !== player.audio()) return;
    if (host.begin) begin(event.type);
    if (event.type === "timeupdate" || event.type === "seeking") moved(event.type === "seeking");
    else strip?.state();
    if (event.type === "loadedmetadata") {
      prepare();
      strip?.draw();
    }
    if (event.type === "play" && !frame) run();
  };
  const inside = (event) => {
    const card = event.target.closest("[data-card]");
    const row = event.target.closest(".turn");
    if (card) {
      showCard(card.dataset.card);
      if (row) aim(row.dataset.segment);
    } else if (row && !String(window.getSelection())) jump(row.dataset.start, row.dataset.segment);
  };
  const outside = (event) => {
    const target = event.target.closest?.("[data-jump]");
    if (!target) return;
    if (event.detail) target.blur(); // the space key is the player's, not this button's again
    const { jump: seconds, segment } = target.dataset;
    strip?.choose(data.strip.findings.find((one) => String(one.segment) === segment && one.start.toFixed(3) === seconds) ?? null);
    jump(seconds, segment);
  };
  const step = (by) => {
    const at = lastBefore(starts, player.now + 0.05);
    const back = by < 0 && at >= 0 && player.now - starts[at] > 1 ? 0 : by; // first to its beginning
    const turn = timed[Math.min(Math.max(at + back, 0), timed.length - 1)];
    if (turn) player.seek(turn.start);
  };
  const actions = {
    " ": () => player.toggle(),
    ArrowLeft: () => player.seek(player.now - 5),
    ArrowRight: () => player.seek(player.now + 5),
    ",": () => step(-1),
    ".": () => step(1),
    "，": () => step(-1), // as a Chinese keyboard writes them
    "。": () => step(1),
    "+": () => strip.zoom(0.5),
    "=": () => strip.zoom(0.5),
    "-": () => strip.zoom(2),
    0: () => strip.fit(),
  };
  const keys = (event) => {
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : null;
    if (!strip || !action || isTaken(event)) return;
    action();
    event.preventDefault();
  };
  const sounds = ["timeupdate", "seeking", "play", "pause", "ended", "ratechange", "volumechange", "loadedmetadata", "emptied", "error"];
  for (const name of sounds) document.addEventListener(name, heard, true);
  box.addEventListener("click", inside);
  document.addEventListener("click", outside);
  document.addEventListener("keydown", keys);
  if (player.playing) run();
  host.stop = () => {
    for (const name of sounds) document.removeEventListener(name, heard, true);
    document.removeEventListener("click", outside);
    document.removeEventListener("keydown", keys);
    cancelAnimationFrame(frame);
    sized.disconnect();
    strip?.stop();
  };
  return host.stop;
}
