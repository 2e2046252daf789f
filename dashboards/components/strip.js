/* The strip: player, wave, marks of findings, what a place holds, zoom and keys. */
const GLYPHS = { critical: "‼", major: "!", minor: "•", warn: "?" };
const GRAVEST = ["critical", "major", "minor", "warn"];
const SHORTEST_VIEW = 2; // seconds
const NEAR = 20; // pixels: marks closer than this are one
const HINT_LETTERS = 28;
const ICONS = {
  play: "M3 1.5v13l11-6.5z",
  pause: "M3 1.5h3.5v13H3zM9.5 1.5H13v13H9.5z",
  sound: "M1 5.5v5h3l4 3.5v-12l-4 3.5zM10 4.5a4.5 4.5 0 0 1 0 7zM11.5 1.5a7 7 0 0 1 0 13v-1.6a5.5 5.5 0 0 0 0-9.8z",
  mute: "M1 5.5v5h3l4 3.5v-12l-4 3.5zM10 5.8l1.2-1.2L13 6.4l1.8-1.8L16 5.8 14.200 7.600 16 9.400l-1.200 1.200L13 8.800l-1.800 1.800L10 9.400 11.800 7.600z",
  in: "M7 2.500h2V7h4.500v2H9v4.500H7V9H2.500V7H7z",
  out: "M2.500 7h11v2h-11z",
  fit: "M1 3h1.500v10H1zM13.500 3H15v10h-1.500zM3.500 8 6.500 5v2h3V5l3 3-3 3V9h-3v2z",
};

function make(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function makeIcon(name) {
  const space = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  icon.setAttribute("viewBox", "0 0 16 16");
  icon.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  icon.append(path);
  return icon;
}

function makeButton(className, name, icon) {
  const button = make("button", className);
  button.type = "button";
  button.title = name;
  button.setAttribute("aria-label", name);
  if (icon) button.append(makeIcon(icon));
  return button;
}

/* Play, time, speed, volume, zoom, help. Parts that need sound are missing without it. */
function makeTools(strip, player) {
  const words = strip.words;
  const tools = make("div", "tools");
  const parts = { tools, time: make("span", "clock") };
  if (strip.wave) {
    parts.play = makeButton("tool play", words.play, "play");
    const speeds = make("span", "speeds");
    speeds.setAttribute("role", "group");
    speeds.setAttribute("aria-label", words.speed);
    parts.speeds = SPEEDS.map((speed) => {
      const button = make("button", "", `${speed}×`);
      button.type = "button";
      button.dataset.speed = speed;
      return button;
    });
    speeds.append(...parts.speeds);
    parts.mute = makeButton("tool", words.mute, "sound");
    parts.volume = Object.assign(make("input", "volume"), { type: "range", min: 0, max: 1, step: 0.05 });
    parts.volume.setAttribute("aria-label", words.volume);
    tools.append(parts.play, parts.time, speeds, make("span", "spacer"), parts.mute, parts.volume);
  } else tools.append(make("span", "muted", words.unplayable), parts.time, make("span", "spacer"));
  parts.out = makeButton("tool", words.zoom_out, "out");
  parts.fit = makeButton("tool", words.fit, "fit");
  parts.in = makeButton("tool", words.zoom_in, "in");
  parts.help = makeButton("tool help", words.help);
  parts.help.textContent = "?";
  parts.keys = make("div", "keys");
  parts.keys.popover = "auto";
  const list = make("dl");
  for (const line of words.keys.split("\n")) {
    const [key, what] = line.split("|");
    list.append(make("dt", "", key), make("dd", "", what));
  }
  parts.keys.append(list);
  parts.help.popoverTargetElement = parts.keys;
  tools.append(parts.out, parts.fit, parts.in, parts.help, parts.keys);
  return parts;
}

function makeLegend(strip, data) {
  const legend = make("div", "legends");
  for (const role of data.shown_roles) {
    const one = make("span", "legend");
    one.append(make("i", `swatch ${role}`), data.roles[role]);
    legend.append(one);
  }
  for (const [kind, name] of strip.legend) {
    const one = make("span", "legend");
    one.append(GLYPHS[kind] ? make("i", `glyph ${kind}`, GLYPHS[kind]) : make("i", `swatch ${kind}`), name);
    legend.append(one);
  }
  return legend;
}

function makeNames(strip, place, data) {
  const names = make("div", "names");
  strip.lanes.forEach((lane, n) => {
    const { top, height } = place.lanes[n];
    const one = make("div", "lane-name");
    Object.assign(one.style, { top: `${top}px`, height: `${height}px` });
    if (lane.name) {
      one.classList.add(lane.role ?? "unknown");
      one.append(make("b", "", lane.name), make("span", "", lane.side));
    } else for (const role of data.shown_roles) one.append(make("b", role, data.roles[role]));
    names.append(one);
  });
  return names;
}

/* Findings as buttons above the lanes; those too close to be hit apart are one. */
function placeMarks(box, strip, view, width) {
  const scale = width / (view.to - view.from);
  const groups = [];
  const sorted = strip.findings.filter((one) => one.start >= view.from && one.start <= view.to).sort((a, b) => a.start - b.start);
  for (const one of sorted) {
    const x = (one.start - view.from) * scale;
    const last = groups[groups.length - 1];
    if (last && x - last.x < NEAR) last.all.push(one);
    else groups.push({ x, all: [one] });
  }
  const focused = box.getRootNode().activeElement?.dataset?.first;
  box.replaceChildren(
    ...groups.map(({ x, all }) => {
      all.sort((a, b) => GRAVEST.indexOf(a.tone) - GRAVEST.indexOf(b.tone) || a.start - b.start);
      const gravest = all[0];
      const lines = all.map((one) => `${clock(one.start)} ${one.how} ${one.title}`);
      const button = make("button", `mark ${gravest.tone}`, GLYPHS[gravest.tone] + (all.length > 1 ? all.length : ""));
      button.type = "button";
      button.dataset.first = `${all[0].rule} ${all[0].start}`;
      button.setAttribute("aria-label", lines.join("; "));
      const half = all.length > 1 ? 14 : 9;
      button.style.left = `${Math.min(Math.max(x, half), width - half)}px`;
      button.findings = all;
      return button;
    }),
  );
  if (focused) [...box.children].find((one) => one.dataset.first === focused)?.focus();
}

/* What stands under the pointer, in lines. */
function describe(seconds, tolerance, wave, data) {
  const lines = [{ text: clock(seconds, 1), className: "when" }];
  for (const event of wave.eventsAt(seconds - tolerance, seconds + tolerance)) lines.push({ text: event.text, className: event.kind });
  for (const turn of wave.turnsAt(seconds)) {
    const letters = [...turn.text];
    const text = letters.slice(0, HINT_LETTERS).join("") + (letters.length > HINT_LETTERS ? "…" : "");
    lines.push({ text: `${data.roles[turn.role]}：${text}`, className: turn.role });
  }
  return lines;
}

function showHint(hint, lines, x, width) {
  hint.replaceChildren(...lines.map((line) => make("div", line.className, line.text)));
  hint.hidden = false;
  const size = hint.offsetWidth;
  hint.style.left = `${Math.min(Math.max(x - size / 2, 0), Math.max(width - size, 0))}px`;
}

/* Builds the strip. Returns its element, `show(now)`, `choose(finding)`, `redraw` and `stop`.
   `look` is what is seen, kept by the caller over new drawings of the page. */
function makeStrip(data, turns, player, look, jump) {
  const strip = { ...data.strip, whole: data.whole };
  const root = make("div", "strip");
  const parts = makeTools(strip, player);
  const [track, canvas, marks, head, hint] = [make("div", "track"), make("canvas"), make("div", "marks-row"), make("div", "head"), make("div", "hint")];
  const [scroll, thumb] = [make("div", "scroll"), make("div", "thumb")];
  const source = () => player.audio()?.currentSrc || "";
  let pending = 0;
  const later = () => (pending ||= requestAnimationFrame(() => ((pending = 0), draw())));
  const detail = strip.wave && makeDetail(strip.wave, source, later);
  const wave = makeWave(canvas, root, strip, turns, data.roles, detail);
  let [current, chosen] = [null, null];
  const view = look.call === strip.call ? look : Object.assign(look, { call: strip.call, from: 0, to: strip.length, loose: false });
  view.to = Math.min(view.to, strip.length);

  track.style.height = canvas.style.height = `${wave.place.height}px`;
  hint.style.top = `${wave.place.ruler}px`;
  track.tabIndex = 0;
  for (const [name, value] of [["role", "slider"], ["aria-label", strip.words.position], ["aria-valuemin", 0], ["aria-valuemax", strip.length.toFixed(1)]]) track.setAttribute(name, value);
  marks.setAttribute("role", "group");
  marks.setAttribute("aria-label", strip.words.marks);
  hint.hidden = true;
  hint.setAttribute("aria-hidden", "true");
  scroll.append(thumb);
  track.append(canvas, head);
  const right = make("div", "right-side");
  right.append(track, marks, hint, scroll);
  const middle = make("div", "middle");
  middle.append(makeNames(strip, wave.place, data), right);
  root.append(parts.tools, middle, makeLegend(strip, data));

  const width = () => track.clientWidth || 1;
  const secondsAt = (x) => view.from + ((x - track.getBoundingClientRect().left) / width()) * (view.to - view.from);
  const placeHead = () => {
    const x = ((player.now - view.from) / (view.to - view.from)) * width();
    head.style.transform = `translateX(${x}px)`;
    head.hidden = x < -1 || x > width() + 1;
  };
  function draw() {
    wave.draw(view, current, chosen);
    placeMarks(marks, strip, view, width());
    placeHead();
    const all = view.to - view.from >= strip.length - 1e-6;
    scroll.classList.toggle("idle", all);
    thumb.style.left = `${(view.from / strip.length) * 100}%`;
    thumb.style.width = `${((view.to - view.from) / strip.length) * 100}%`;
    parts.fit.disabled = parts.out.disabled = all;
  }
  const look_at = (from, span) => {
    const size = Math.min(Math.max(span, Math.min(SHORTEST_VIEW, strip.length)), strip.length);
    view.from = Math.min(Math.max(from, 0), strip.length - size);
    view.to = view.from + size;
    later();
  };
  const zoom = (factor, at = view.from <= player.now && player.now <= view.to ? player.now : (view.from + view.to) / 2) => {
    const span = view.to - view.from;
    look_at(at - ((at - view.from) / span) * span * factor, span * factor);
  };
  const pan = (seconds) => {
    look_at(view.from + seconds, view.to - view.from);
    view.loose = player.now < view.from || player.now > view.to; // looked away: stay there
  };
  const show = (now, seeking) => {
    const turn = wave.turnsAt(now)[0] ?? null;
    const inside = now >= view.from && now <= view.to;
    if (inside) view.loose = false;
    else if (seeking || !view.loose) look_at(now - (view.to - view.from) * 0.1, view.to - view.from);
    if (turn !== current) later();
    current = turn;
    placeHead();
    const spoken = `${clock(now)} / ${clock(strip.length)}`;
    if (parts.time.textContent !== spoken) parts.time.textContent = spoken;
    track.setAttribute("aria-valuenow", now.toFixed(1));
    track.setAttribute("aria-valuetext", turn ? `${clock(now)} ${data.roles[turn.role]}` : clock(now));
  };
  const state = () => {
    const audio = player.audio();
    if (!strip.wave) return;
    for (const button of parts.speeds) button.setAttribute("aria-pressed", String(Number(button.dataset.speed) === player.speed));
    const name = player.playing ? "pause" : "play";
    if (parts.play.dataset.shown !== name) parts.play.replaceChildren(makeIcon(name));
    parts.play.dataset.shown = name;
    parts.play.title = strip.words[name];
    parts.play.setAttribute("aria-label", strip.words[name]);
    if (!audio) return; // the page is still being put together
    const quiet = audio.muted || audio.volume === 0;
    parts.mute.replaceChildren(makeIcon(quiet ? "mute" : "sound"));
    parts.mute.setAttribute("aria-pressed", String(quiet));
    parts.volume.value = audio.muted ? 0 : audio.volume;
    root.classList.toggle("broken", Boolean(audio.error));
    if (audio.error) parts.time.textContent = strip.words.failed;
  };
  const choose = (finding) => {
    chosen = finding;
    later();
  };
  const stop = workStrip({ root, parts, track, marks, scroll, hint, strip, view, wave, data }, { player, secondsAt, width, zoom, pan, look_at, choose, jump, later });
  return { root, show, state, choose, draw, placeHead, zoom, fit: () => look_at(0, strip.length), stop: () => (stop(), detail?.stop(), cancelAnimationFrame(pending)) };
}
