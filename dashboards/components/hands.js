/* What hands do with the strip: click, drag, wheel, buttons. Returns how to stop listening. */
function workStrip(parts, act) {
  const { root, track, marks, scroll, hint, strip, view, wave, data } = parts;
  const { player, secondsAt, width } = act;
  const tools = parts.parts;
  let held = false;

  const point = (event) => {
    const seconds = secondsAt(event.clientX);
    if (held) player.seek(seconds);
    const lines = describe(seconds, ((view.to - view.from) / width()) * 2, wave, data);
    showHint(hint, lines, event.clientX - track.getBoundingClientRect().left, width());
  };
  track.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    held = true;
    track.setPointerCapture(event.pointerId);
    act.choose(null);
    player.seek(secondsAt(event.clientX));
  });
  track.addEventListener("pointermove", point);
  for (const name of ["pointerup", "pointercancel"]) track.addEventListener(name, () => (held = false));
  track.addEventListener("pointerleave", () => (hint.hidden = true));

  marks.addEventListener("pointerover", (event) => {
    const all = event.target.closest(".mark")?.findings;
    if (!all) return;
    const lines = all.map((one) => ({ text: `${clock(one.start, 1)} ${one.how}　${one.title}`, className: "" }));
    showHint(hint, lines, event.target.closest(".mark").offsetLeft, width());
  });
  marks.addEventListener("pointerout", () => (hint.hidden = true));
  marks.addEventListener("click", (event) => {
    const button = event.target.closest(".mark");
    if (!button) return;
    const all = button.findings; // clicked again: the next of those that stand here
    const next = all[(all.findIndex((one) => one === view.chosen) + 1) % all.length];
    view.chosen = next;
    act.choose(next);
    act.jump(next);
  });

  scroll.addEventListener("pointerdown", (event) => {
    scroll.setPointerCapture(event.pointerId);
    const span = view.to - view.from;
    const at = () => (event.clientX - scroll.getBoundingClientRect().left) / width();
    const inside = at() * strip.length >= view.from && at() * strip.length <= view.to;
    const grip = inside ? at() * strip.length - view.from : span / 2;
    const drag = (moved) => act.pan(((moved.clientX - scroll.getBoundingClientRect().left) / width()) * strip.length - grip - view.from);
    drag(event);
    scroll.onpointermove = drag;
    scroll.onpointerup = scroll.onpointercancel = () => (scroll.onpointermove = null);
  });
  root.addEventListener(
    "wheel",
    (event) => {
      if (!event.composedPath().includes(track) && !event.composedPath().includes(scroll)) return;
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : 0;
      if (event.ctrlKey || event.metaKey) act.zoom(Math.exp(event.deltaY * 0.003), secondsAt(event.clientX));
      else if (sideways && view.to - view.from < strip.length) act.pan((sideways / width()) * (view.to - view.from));
      else return; // the page scrolls
      event.preventDefault();
    },
    { passive: false },
  );

  tools.in.addEventListener("click", () => act.zoom(0.5));
  tools.out.addEventListener("click", () => act.zoom(2));
  tools.fit.addEventListener("click", () => act.look_at(0, strip.length));
  tools.keys.addEventListener("beforetoggle", () => {
    const { right, bottom } = tools.help.getBoundingClientRect();
    Object.assign(tools.keys.style, { top: `${bottom + 6}px`, right: `${window.innerWidth - right}px` });
  });
  tools.play?.addEventListener("click", () => player.toggle());
  for (const button of tools.speeds ?? []) button.addEventListener("click", () => (player.speed = Number(button.dataset.speed)));
  tools.mute?.addEventListener("click", () => {
    const audio = player.audio();
    if (audio) audio.muted = !audio.muted;
  });
  tools.volume?.addEventListener("input", () => {
    const audio = player.audio();
    if (audio) [audio.volume, audio.muted] = [Number(tools.volume.value), false];
  });
  /* After a click the keys are the player's again; whoever came by Tab keeps the focus. */
  root.addEventListener("click", (event) => event.detail && event.target.closest("button, input")?.blur());
  track.addEventListener("keydown", (event) => {
    const to = { Home: 0, End: strip.length }[event.key];
    if (to === undefined) return;
    player.seek(to);
    event.preventDefault();
  });
  const sized = new ResizeObserver(act.later);
  sized.observe(track);
  return () => sized.disconnect();
}
