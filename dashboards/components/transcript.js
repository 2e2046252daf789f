/* The transcript drives the page's audio element: any sentence, and any element of the page with
   data-jump (seconds, may be empty) and data-segment, leads to its moment, to the millisecond. */
const SPEEDS = [1, 1.25, 1.5, 2];

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

function makeBar(data, audio) {
  const bar = document.createElement("div");
  bar.className = "bar";
  for (const role of data.shown_roles) {
    const legend = document.createElement("span");
    legend.className = "legend";
    const box = document.createElement("i");
    box.style.background = { agent: "var(--agent)", customer: "var(--customer)" }[role] ?? "#8a8f98";
    legend.append(box, data.roles[role]);
    bar.append(legend);
  }
  bar.append(Object.assign(document.createElement("span"), { className: "spacer" }));
  if (data.mode !== "voice" || !data.playable) return bar;
  for (const speed of SPEEDS) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${speed}×`;
    button.dataset.speed = speed;
    button.setAttribute("aria-pressed", String((audio()?.playbackRate ?? 1) === speed));
    bar.append(button);
  }
  return bar;
}

/* Scroll inside the box only; the page stays where the reader has it. */
function reveal(box, row) {
  const above = row.offsetTop < box.scrollTop + 20;
  const below = row.offsetTop + row.offsetHeight > box.scrollTop + box.clientHeight - 20;
  if (above || below) box.scrollTop = row.offsetTop - box.clientHeight / 3;
}

function seek(audio, seconds) {
  const go = () => {
    audio.currentTime = seconds;
    audio.play().catch(() => {});
  };
  if (audio.readyState >= 1) go();
  else {
    audio.addEventListener("loadedmetadata", go, { once: true });
    audio.load();
  }
}

export default function ({ parentElement, data }) {
  const host = parentElement.querySelector(".host");
  const audio = () => document.querySelector(data.audio);
  audio()?.controlsList?.toggle("nodownload", data.whole); // the original is only heard here
  const box = document.createElement("div");
  box.className = "turns";
  box.style.setProperty("--taken", data.taken);
  for (const turn of data.turns) box.append(makeTurn(turn, data));
  const scrolled = host.querySelector(".turns")?.scrollTop ?? 0;
  host.className = `host ${data.mode} ${data.lang === "en" ? "english" : ""}`;
  host.replaceChildren(makeBar(data, audio), box);
  box.scrollTop = scrolled;
  const rows = [...box.children];
  const timed = rows.filter((row) => row.dataset.start !== undefined);

  const aim = (segment) => {
    for (const row of rows) row.classList.toggle("aimed", row.dataset.segment === String(segment));
    const row = rows.find((one) => one.dataset.segment === String(segment));
    if (row) reveal(box, row);
  };
  const jump = (seconds, segment) => {
    if (segment !== undefined) aim(segment);
    const player = audio();
    if (player && seconds !== undefined && seconds !== "") seek(player, Number(seconds));
  };
  const inside = (event) => {
    const card = event.target.closest("[data-card]");
    const speed = event.target.closest("[data-speed]");
    const row = event.target.closest(".turn");
    if (card) {
      document.querySelector(`[data-finding="${CSS.escape(card.dataset.card)}"]`)?.scrollIntoView({ block: "center" });
      if (row) aim(row.dataset.segment);
    } else if (speed) {
      if (audio()) audio().playbackRate = Number(speed.dataset.speed);
      for (const one of host.querySelectorAll("[data-speed]")) one.setAttribute("aria-pressed", String(one === speed));
    } else if (row && !String(window.getSelection())) jump(row.dataset.start, row.dataset.segment);
  };
  const outside = (event) => {
    const target = event.target.closest?.("[data-jump]");
    if (target) jump(target.dataset.jump, target.dataset.segment);
  };
  const follow = (event) => {
    if (event.target !== audio()) return;
    const now = event.target.currentTime + 0.05;
    let current = null;
    for (const row of timed) if (Number(row.dataset.start) <= now) current = row;
    if (!current || current.classList.contains("now")) return;
    for (const row of timed) row.classList.toggle("now", row === current);
    if (!event.target.paused) reveal(box, current);
  };
  const keys = (event) => {
    const player = audio();
    const path = event.composedPath();
    if (!player || path.some((node) => /^(INPUT|TEXTAREA|BUTTON|SELECT|AUDIO|A)$/.test(node.tagName ?? ""))) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") player.paused ? player.play() : player.pause();
    else if (event.key === "ArrowLeft") player.currentTime -= 5;
    else if (event.key === "ArrowRight") player.currentTime += 5;
    else return;
    event.preventDefault();
  };
  host.addEventListener("click", inside);
  document.addEventListener("click", outside);
  document.addEventListener("timeupdate", follow, true);
  document.addEventListener("seeking", follow, true);
  document.addEventListener("keydown", keys);
  return () => {
    host.removeEventListener("click", inside);
    document.removeEventListener("click", outside);
    document.removeEventListener("timeupdate", follow, true);
    document.removeEventListener("seeking", follow, true);
    document.removeEventListener("keydown", keys);
  };
}
