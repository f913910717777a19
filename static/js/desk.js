// The desk of a class: forms registered one scan after another without a new page, and a sound for each.
(() => {
  "use strict";

  const form = document.querySelector("form[data-scan]");
  if (!form) return;
  const field = form.elements.code;
  const KEY = "desk-sound";
  const button = form.querySelector("[data-sound]");
  const on = button.textContent;
  let context = null;
  let queue = Promise.resolve();

  const isOn = () => localStorage.getItem(KEY) !== "off";
  const say = () => {
    button.textContent = isOn() ? on : button.dataset.off;
    button.setAttribute("aria-pressed", String(isOn()));
  };
  const beep = (pitch, start, seconds) => {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = pitch;
    volume.gain.value = 0.15;
    tone.connect(volume).connect(context.destination);
    tone.start(context.currentTime + start);
    tone.stop(context.currentTime + start + seconds);
  };
  // High and short: registered. Low and twice: look at the screen.
  const sound = (tone) => {
    if (!isOn() || !window.AudioContext) return;
    context ||= new AudioContext();
    if (tone === "success") beep(1320, 0, 0.08);
    else [0, 0.2].forEach((start) => beep(330, start, 0.14));
  };

  const renew = (page) => {
    const fresh = page.querySelectorAll("[data-renewed]");
    const stale = document.querySelectorAll("[data-renewed]");
    if (fresh.length !== stale.length) return false;
    stale.forEach((one, place) => one.replaceWith(fresh[place]));
    document.dispatchEvent(new Event("parts-renewed"));
    return true;
  };
  const send = async (body, code) => {
    try {
      const response = await fetch(form.action, { method: "POST", body });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const says = page.getElementById("scan-says");
      if (!response.ok || !says || !renew(page)) throw new Error(String(response.status));
      const kept = page.querySelector("form[data-scan]").elements.code.value;
      if (kept && !field.value) field.value = kept;
      sound(says.dataset.tone);
    } catch {
      // The line is cut, or the session over: the code stays in the field, and the page goes the long way.
      field.value = code;
      form.submit();
      await new Promise(() => {});
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = new FormData(form);
    const code = field.value;
    field.value = "";
    field.focus();
    queue = queue.then(() => send(body, code));
  });
  button.hidden = false;
  button.addEventListener("click", () => {
    localStorage.setItem(KEY, isOn() ? "off" : "on");
    say();
    sound("success");
    field.focus();
  });
  say();
})();

// Keys on the page of an application: j k a r, off until somebody switches them on in what ? shows. Where a field for scans
// stands there are none, and a burst of keys is a reader of barcodes.
(() => {
  "use strict";

  const bar = document.querySelector("[data-keys]");
  if (!bar || document.querySelector("form[data-scan]")) return;
  const person = document.querySelector("dialog[data-session]")?.dataset.person || "";
  const KEY = `desk-keys-${person}`;
  const BURST = 50; // milliseconds between two keys: nobody types so fast
  const help = bar.querySelector("[data-keys-dialog]");
  const button = bar.querySelector("[data-keys-switch]");
  const ask = bar.querySelector("[data-approve-dialog]");
  const on = button.textContent;
  let waiting = 0;
  let last = -1000;

  const isOn = () => localStorage.getItem(KEY) === "on";
  const say = () => {
    button.textContent = isOn() ? button.dataset.off : on;
    button.setAttribute("aria-pressed", String(isOn()));
  };
  const open = (link) => {
    const fold = document.querySelector(link.getAttribute("href"));
    fold.open = true;
    fold.scrollIntoView({ block: "center" });
    fold.querySelector("input:not([type=hidden]), select, textarea").focus();
  };
  const approve = () => {
    const form = bar.querySelector("form[data-approves]");
    if (!form) return;
    ask.querySelector("h2").textContent = form.dataset.approves;
    ask.returnValue = "no";
    ask.addEventListener("close", () => ask.returnValue === "yes" && form.requestSubmit(), { once: true });
    ask.showModal();
  };
  const deeds = {
    j: () => document.querySelector("a[rel=next]")?.click(),
    k: () => document.querySelector("a[rel=prev]")?.click(),
    a: approve,
    r: () => bar.querySelector("[data-returns]")?.click(),
    "?": () => help.showModal(),
  };

  bar.querySelectorAll("[data-returns]").forEach((link) =>
    link.addEventListener("click", (event) => {
      event.preventDefault();
      open(link);
    }),
  );
  document.addEventListener("keydown", (event) => {
    const now = performance.now();
    const isBurst = now - last < BURST;
    last = now;
    clearTimeout(waiting);
    if (isBurst || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]") || event.target.matches("input, select, textarea, [contenteditable]")) return;
    if (!Object.hasOwn(deeds, event.key) || (event.key !== "?" && !isOn())) return;
    waiting = setTimeout(deeds[event.key], BURST + 20);
  });
  const opener = bar.querySelector("[data-keys-help]");
  opener.hidden = false;
  opener.addEventListener("click", () => help.showModal());
  button.addEventListener("click", () => {
    localStorage.setItem(KEY, isOn() ? "off" : "on");
    say();
  });
  say();
})();
