/* Draws lanes, turns, marks and time of a call on a canvas; knows nothing of the player. */
const MARKS_HEIGHT = 20;
const EVENTS_HEIGHT = 15;
const RULER_HEIGHT = 14;
const LANE_GAP = 3;
const NAME_HEIGHT = 13;
const BAR = 4; // height of the bar that marks a turn: above for the agent, below for the customer
const MOST_NAMES = 120; // events at once; more of them have no room for names
const TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800];
const ROLES = ["agent", "customer", "unknown"];

/* Where each lane lies, from top to bottom (pixels). */
function layOut(count) {
  const tall = window.innerHeight >= 900 ? 1.4 : 1;
  const height = Math.round({ 1: 76, 2: 36 }[count] * tall) || 26;
  const lanes = [...Array(count).keys()].map((n) => ({ top: MARKS_HEIGHT + n * (height + LANE_GAP), height }));
  const bottom = MARKS_HEIGHT + count * (height + LANE_GAP);
  return { lanes, events: bottom, ruler: bottom + EVENTS_HEIGHT, height: bottom + EVENTS_HEIGHT + RULER_HEIGHT };
}

/* Of the sorted items the first that ends after `seconds`, by bisection over the latest end so far. */
function firstAfter(ends, seconds) {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle] <= seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

/* Items with start and end, ready to be asked which lie in a stretch. */
function onTime(items) {
  const sorted = [...items].sort((a, b) => a.start - b.start);
  let latest = -Infinity;
  const ends = sorted.map((item) => (latest = Math.max(latest, item.end)));
  return {
    all: sorted,
    *within(from, to) {
      for (let n = firstAfter(ends, from); n < sorted.length && sorted[n].start < to; n++)
        if (sorted[n].end > from) yield sorted[n];
    },
  };
}

/* Whether the page is dark: colours that are read on white are not on black. */
function isDark(host) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = getComputedStyle(host).getPropertyValue("--st-background-color").trim() || "#ffffff";
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(pen.fillStyle.slice(at, at + 2), 16));
  return red * 0.3 + green * 0.59 + blue * 0.11 < 128;
}

function palette(host) {
  const style = getComputedStyle(host);
  const of = (name) => style.getPropertyValue(name).trim();
  const colors = Object.fromEntries(["agent", "customer", "unknown", "text", "soft", "private", "overlap", "sound"].map((n) => [n, of(`--${n}`)]));
  return { ...colors, font: style.fontFamily };
}

function coarse(points, step, from, to) {
  const first = Math.max(Math.floor(from / step), 0);
  const last = Math.min(Math.max(Math.ceil(to / step), first + 1), points.length);
  let most = 0;
  for (let n = first; n < last; n++) most = Math.max(most, points[n]);
  return most / 255;
}

/* One stretch on the canvas: pixels of its start and its width, which is true down to half a pixel:
   in two hours many short ones must not look like one long one. */
function stretch(item, view, width, least = 0.5) {
  const scale = width / (view.to - view.from);
  const x = Math.max((item.start - view.from) * scale, -2);
  const end = Math.min((item.end - view.from) * scale, width + 2);
  return [x, Math.max(end - x, least)];
}

function hatch(pen, x, y, width, height, color, gap = 6) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.clip();
  pen.strokeStyle = color;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (let at = Math.floor((x - height) / gap) * gap; at < x + width; at += gap) {
    pen.moveTo(at, y + height);
    pen.lineTo(at + height, y);
  }
  pen.stroke();
  pen.restore();
}

/* A word in the middle of a stretch, on a ground of its own, where it has room. */
function label(pen, text, x, y, width, color, ground) {
  const size = pen.measureText(text).width;
  if (size + 8 > width) return;
  pen.fillStyle = ground;
  pen.fillRect(x + (width - size) / 2 - 3, y - 7, size + 6, 13);
  pen.fillStyle = color;
  pen.fillText(text, x + (width - size) / 2, y);
}

/* The canvas of the strip. `draw(view, current, chosen)` shows view.from to view.to seconds. */
function makeWave(canvas, host, strip, turns, roleNames, detail) {
  const place = layOut(strip.lanes.length);
  const perLane = strip.lanes.map((_, n) => onTime(turns.filter((turn) => turn.lane === n)));
  const events = onTime(strip.events);
  const single = strip.lanes.length === 1;
  const pen = canvas.getContext("2d");

  const drawTurns = (n, view, width, colors, current) => {
    const { top, height } = place.lanes[n];
    for (const turn of perLane[n].within(view.from, view.to)) {
      const [x, size] = stretch(turn, view, width);
      const color = colors[turn.role] ?? colors.unknown;
      pen.fillStyle = color;
      pen.globalAlpha = turn === current ? 0.34 : 0.13;
      pen.fillRect(x, top, size, height);
      pen.globalAlpha = 1;
      const y = turn.role === "customer" ? top + height - BAR : top;
      if (turn.role === "unknown") for (let at = x; at < x + size; at += 6) pen.fillRect(at, y, Math.min(3, x + size - at), BAR);
      else pen.fillRect(x, y, size, BAR);
    }
  };
  /* Who speaks, where the lane does not say it. */
  const drawRoles = (n, view, width, colors) => {
    const { top, height } = place.lanes[n];
    for (const turn of perLane[n].within(view.from, view.to)) {
      if (!single && turn.role === strip.lanes[n].role) continue;
      const [x, size] = stretch(turn, view, width);
      const y = turn.role === "customer" ? top + height - BAR - 7 : top + BAR + 7;
      label(pen, roleNames[turn.role], x, y, size, colors[turn.role] ?? colors.unknown, colors.ground);
    }
  };
  const drawWave = (n, view, width, colors) => {
    if (!strip.wave) return;
    const { top, height } = place.lanes[n];
    const middle = top + height / 2;
    const most = height / 2 - BAR - (single ? NAME_HEIGHT : 1); // one lane bears names over and under it
    const scale = (view.to - view.from) / width;
    const spoken = [...perLane[n].within(view.from, view.to)];
    let at = 0;
    for (let x = 0; x < width; x++) {
      const from = view.from + x * scale;
      const to = from + scale;
      while (at < spoken.length && spoken[at].end <= from) at++;
      const turn = at < spoken.length && spoken[at].start < to ? spoken[at] : null;
      const high = detail?.loudest(strip.wave.sources[n], from, to) ?? coarse(strip.wave.points[n], strip.wave.step, from, to);
      const size = Math.max(high ** 0.6 * most, 0.5); // not in proportion: quiet speech is still seen
      pen.fillStyle = turn ? (colors[turn.role] ?? colors.unknown) : colors.soft;
      pen.fillRect(x, middle - size, 1, 2 * size);
    }
  };
  const drawPrivate = (event, view, width, colors) => {
    const [x, size] = stretch(event, view, width);
    const [first, last] = [place.lanes[0], place.lanes[place.lanes.length - 1]];
    const height = last.top + last.height - first.top;
    pen.fillStyle = colors.ground;
    if (!strip.whole) pen.fillRect(x, first.top, size, height);
    pen.globalAlpha = strip.whole ? 0.25 : 0.55;
    hatch(pen, x, first.top, size, height, colors.private);
    pen.globalAlpha = 1;
    pen.strokeStyle = colors.private;
    if (size >= 3) pen.strokeRect(x + 0.5, first.top + 0.5, size - 1, height - 1);
    label(pen, event.label, x, first.top + height / 2, size, colors.text, colors.ground);
  };
  const colorOf = (event, colors) => ({ silence: colors.text, overlap: colors.overlap, sound: colors.sound })[event.kind];
  const drawEvent = (event, view, width, colors) => {
    const sound = event.kind === "sound";
    const [x, size] = stretch(event, view, width);
    const y = place.events + 1;
    const high = EVENTS_HEIGHT - 3;
    pen.fillStyle = colorOf(event, colors);
    if (event.kind === "silence") {
      pen.globalAlpha = 0.5;
      pen.fillRect(x, y + high / 2, size, 1);
      if (size >= 4) for (const edge of [x, x + size - 1]) pen.fillRect(edge, y, 1, high);
    } else {
      pen.globalAlpha = sound ? 0.35 : event.mere ? 0.1 : 0.28;
      for (const { top, height } of sound ? [place.lanes[event.lane]] : place.lanes)
        sound ? hatch(pen, x, top, size, height, pen.fillStyle, 4) : pen.fillRect(x, top, size, height);
      pen.globalAlpha = 1;
      pen.fillStyle = colors.ground; // nothing strikes its name through
      pen.fillRect(x, y, size, high);
      pen.globalAlpha = sound || event.mere ? 0.22 : 1;
      pen.fillStyle = colorOf(event, colors);
      pen.fillRect(x, y, size, high);
    }
    pen.globalAlpha = 1;
  };
  /* Names of events: on them, else beside them, else (no room) only in the hint. */
  const drawNames = (shown, view, width, colors) => {
    const taken = shown.filter((event) => event.kind !== "silence").map((event) => ({ event, at: stretch(event, view, width) }));
    const isFree = (event, from, to) => taken.every((one) => one.event === event || one.at[0] >= to || one.at[0] + one.at[1] <= from);
    const middle = place.events + 1 + (EVENTS_HEIGHT - 3) / 2;
    for (const event of shown) {
      const [x, size] = stretch(event, view, width);
      const wide = pen.measureText(event.label).width + 4;
      const inside = wide <= size;
      const from = event.kind === "silence" || inside ? Math.min(Math.max(x + (size - wide) / 2, 0), width - wide) : x + size + 1;
      if (from + wide > width || !isFree(event, from, from + wide)) continue;
      taken.push({ event: null, at: [from, wide] });
      if (event.kind === "silence") {
        pen.fillStyle = colors.ground;
        pen.fillRect(from, place.events + 1, wide, EVENTS_HEIGHT - 3);
      }
      pen.fillStyle = inside && event.kind === "overlap" && !event.mere ? colors.ground : colorOf(event, colors);
      pen.fillText(event.label, from + 2, middle);
    }
  };
  const drawRuler = (view, width, colors) => {
    const span = view.to - view.from;
    const tick = TICKS.find((one) => (one * width) / span >= 64) ?? 3600;
    pen.fillStyle = colors.text;
    for (let n = Math.ceil(view.from / tick); n * tick <= view.to; n++) {
      const x = ((n * tick - view.from) / span) * width;
      pen.globalAlpha = 0.35;
      pen.fillRect(x, place.ruler, 1, 4);
      pen.globalAlpha = 0.75;
      const text = clock(n * tick, tick < 1 ? 1 : 0);
      const half = pen.measureText(text).width / 2;
      pen.fillText(text, Math.min(Math.max(x, half) - half, width - 2 * half), place.ruler + 8.5);
    }
    pen.globalAlpha = 1;
  };
  const drawChosen = (chosen, view, width, colors) => {
    if (!chosen || chosen.end < view.from || chosen.start > view.to) return;
    const [x, size] = stretch(chosen, view, width, 2);
    pen.strokeStyle = colors.chosen;
    pen.lineWidth = 2;
    pen.strokeRect(x, MARKS_HEIGHT + 1, size, place.events - MARKS_HEIGHT - LANE_GAP - 1);
    pen.lineWidth = 1;
  };

  return {
    place,
    turnsAt: (seconds) => perLane.flatMap((lane) => [...lane.within(seconds, seconds + 1e-6)]),
    eventsAt: (from, to) => [...events.within(from, to)],
    draw(view, current, chosen) {
      const width = canvas.clientWidth;
      const ratio = window.devicePixelRatio || 1;
      if (!width) return;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(place.height * ratio);
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      const colors = { ...palette(host), chosen: "#d9a520", ground: getComputedStyle(host).getPropertyValue("--st-background-color") };
      pen.font = `10.5px ${colors.font}`;
      pen.textBaseline = "middle";
      detail?.want(view.from, view.to, width);
      strip.lanes.forEach((_, n) => {
        const { top, height } = place.lanes[n];
        pen.globalAlpha = 0.07;
        pen.fillStyle = colors.text;
        pen.fillRect(0, top, width, height);
        pen.globalAlpha = 1;
        drawTurns(n, view, width, colors, current);
        drawWave(n, view, width, colors);
        drawRoles(n, view, width, colors);
      });
      const seen = [...events.within(view.from, view.to)];
      for (const kind of ["silence", "overlap", "sound", "private"])
        for (const event of seen.filter((one) => one.kind === kind)) (kind === "private" ? drawPrivate : drawEvent)(event, view, width, colors);
      if (seen.length <= MOST_NAMES) drawNames(seen.filter((event) => event.kind !== "private"), view, width, colors);
      drawChosen(chosen, view, width, colors);
      drawRuler(view, width, colors);
    },
  };
}
