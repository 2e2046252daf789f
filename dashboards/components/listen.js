/* Takes the download out of the player's own menu: clips that are kept go through the page, on record. */
export default function ({ data }) {
  let tries = 120; // frames: the player may be drawn after this
  const look = () => {
    const audio = document.querySelector(data.audio);
    if (audio) audio.controlsList?.add("nodownload");
    else if (tries-- > 0) requestAnimationFrame(look);
  };
  look();
}
