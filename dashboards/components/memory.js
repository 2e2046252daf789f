/* Keeps one short text for this browser tab, so that a reload does not lose it. Draws nothing. */
export default function ({ data, setTriggerValue }) {
  try {
    const found = sessionStorage.getItem(data.name);
    if (data.value !== null) sessionStorage.setItem(data.name, data.value);
    else if (found) setTriggerValue("found", found);
  } catch {
    /* the browser forbids it: then a reload asks for the name again */
  }
}
