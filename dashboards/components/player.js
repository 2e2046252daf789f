/* The page's audio element as the strip and the transcript use it; without sound, a place in time. */
const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
const SPEED_KEY = "callqa_speed";

function clock(seconds, digits = 0) {
  const scale = 10 ** digits;
  const all = Math.floor(Math.max(seconds, 0) * scale + 1e-6) / scale;
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor((all % 3600) / 60);
  const rest = (all % 60).toFixed(digits).padStart(digits ? 3 + digits : 2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/* `moved` is called with the new place whenever it changes by anything but playing on. */
function makePlayer(selector, playable, length, moved) {
  let place = 0;
  const audio = () => (playable ? document.querySelector(selector) : null);
  const known = () => {
    try {
      return Number(sessionStorage.getItem(SPEED_KEY)) || 1;
    } catch {
      return 1;
    }
  };
  return {
    audio,
    get now() {
      return audio()?.currentTime ?? place;
    },
    get playing() {
      return Boolean(audio() && !audio().paused);
    },
    get speed() {
      return audio()?.playbackRate ?? known();
    },
    set speed(value) {
      const player = audio();
      if (!player) return;
      player.defaultPlaybackRate = value; // also for what is loaded into it later
      player.playbackRate = value;
      try {
        sessionStorage.setItem(SPEED_KEY, String(value));
      } catch {
        /* the browser forbids it: then the next call begins at 1 again */
      }
    },
    recall() {
      if (audio() && known() !== 1) this.speed = known();
    },
    toggle() {
      const player = audio();
      if (player) player.paused ? player.play().catch(() => {}) : player.pause();
    },
    /* To the very moment; `play` also begins to play. */
    seek(seconds, play = false) {
      const player = audio();
      const to = Math.min(Math.max(seconds, 0), Math.max(length, 0));
      if (!player) {
        place = to;
        moved(to);
        return;
      }
      const go = () => {
        player.currentTime = to;
        if (play) player.play().catch(() => {});
      };
      if (player.readyState >= 1) go();
      else {
        player.addEventListener("loadedmetadata", go, { once: true });
        player.load();
      }
    },
  };
}

/* Whether a key belongs to what has the focus: text fields, lists and tabs keep theirs. */
function isTaken(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  const own = /^(INPUT|TEXTAREA|SELECT|AUDIO)$/;
  const roles = /^(tab|radio|option|listbox|combobox|menuitem|textbox)$/;
  const pressed = event.key === " " || event.key === "Enter";
  return event.composedPath().some((node) => {
    const name = node.tagName ?? "";
    if (own.test(name) || node.isContentEditable || roles.test(node.getAttribute?.("role") ?? "")) return true;
    return pressed && /^(BUTTON|A|SUMMARY)$/.test(name);
  });
}
