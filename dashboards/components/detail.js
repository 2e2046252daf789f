/* Samples of the file that is played, for a stretch too short for the figures that came along. */
const MOST_DETAIL = 120; // seconds whose samples are fetched for exact drawing

function makeDetail(wave, source, ready) {
  let have = null;
  let asked = null;
  let timer = 0;
  let useful = false;
  const load = async (from, to) => {
    const frame = 2 * wave.channels;
    const first = Math.max(Math.floor(from * wave.rate), 0);
    const begin = wave.offset + first * frame;
    const end = wave.offset + Math.ceil(to * wave.rate) * frame - 1;
    asked?.abort();
    asked = new AbortController();
    const url = source();
    try {
      const answer = await fetch(url, { headers: { Range: `bytes=${begin}-${end}` }, signal: asked.signal });
      if (answer.status !== 206 || url !== source()) return asked.abort();
      const bytes = await answer.arrayBuffer();
      const samples = new Int16Array(bytes, 0, Math.floor(bytes.byteLength / frame) * wave.channels);
      have = { url, first, frames: samples.length / wave.channels, samples };
      ready();
    } catch {
      /* the coarse wave stays */
    }
  };
  return {
    stop: () => (clearTimeout(timer), asked?.abort()),
    want(from, to, pixels) {
      clearTimeout(timer);
      const span = to - from;
      useful = Boolean(source()) && span <= MOST_DETAIL && wave.step > span / pixels;
      if (!useful) return;
      if (have && have.url === source() && have.first / wave.rate <= from + 0.01 && (have.first + have.frames) / wave.rate >= Math.min(to, wave.seconds) - 0.02) return;
      timer = setTimeout(() => load(from - span / 2, Math.min(to + span / 2, wave.seconds)), 120);
    },
    /* Greatest amplitude (1 is the height of a lane) in a stretch; null where nothing is loaded. */
    loudest(channels, from, to) {
      if (!useful || !have || have.url !== source()) return null;
      const begin = Math.floor(from * wave.rate) - have.first;
      const end = Math.max(Math.ceil(to * wave.rate) - have.first, begin + 1);
      if (begin < 0 || end > have.frames + 2) return null;
      let most = 0;
      for (let n = begin; n < Math.min(end, have.frames); n++)
        for (const channel of channels) most = Math.max(most, Math.abs(have.samples[n * wave.channels + channel]));
      return Math.min(most / 32768 / wave.full, 1);
    },
  };
}
