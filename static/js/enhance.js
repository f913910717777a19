// One decision, one request: a form marked data-once goes out once, until the page is shown again.
(() => {
  "use strict";

  const submitsOf = (form) =>
    Array.from(form.elements).filter((element) => element.type === "submit" || element.type === "image");

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-once]")) return;
    if (form.dataset.once === "sent") {
      event.preventDefault();
      return;
    }
    form.dataset.once = "sent";
    // After the browser has gathered the fields: a disabled button would not send its own name.
    setTimeout(() => submitsOf(form).forEach((button) => (button.disabled = true)));
  });

  window.addEventListener("pageshow", () => {
    document.querySelectorAll('form[data-once="sent"]').forEach((form) => {
      form.dataset.once = "";
      submitsOf(form).forEach((button) => (button.disabled = false));
    });
  });
})();

// Printing is the browser's: without a script there is no button.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});

// In a form with several answers of equal weight Enter presses none of them: see components/no_enter.html.
document.addEventListener("keydown", (event) => {
  const form = event.key === "Enter" && event.target.matches("input, select") && event.target.form;
  if (form && form.querySelector("[data-no-enter]")) event.preventDefault();
});

// A list narrows as one types: <form method="post" data-live-search="#results" data-not-sent="pattern">. The words are
// posted; the answer leads to an address in which they are sealed. What the pattern finds may be the beginning of an ID
// number and is not sent.
(() => {
  "use strict";

  const form = document.querySelector("form[data-live-search]");
  if (!form) return;
  const notSent = new RegExp(form.dataset.notSent, "iu");
  let timer = 0;
  let running = null;

  const look = async () => {
    const words = Array.from(form.querySelectorAll("input[type=search]"), (field) => field.value);
    if (words.some((value) => notSent.test(value.normalize("NFKD")))) return;
    running?.abort();
    running = new AbortController();
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form), signal: running.signal });
      if (!response.ok || new URL(response.url).pathname !== new URL(form.action).pathname) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const found = page.querySelector(form.dataset.liveSearch);
      if (!found) return;
      document.querySelector(form.dataset.liveSearch).replaceWith(found);
      document.dispatchEvent(new Event("parts-renewed"));
      history.replaceState(null, "", response.url);
    } catch {
      // The button still works.
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 250);
  });
})();

// What a form would give is shown while it is filled in: <form data-live-example="#example">, whose button "preview" asks
// for the same.
(() => {
  "use strict";

  const form = document.querySelector("form[data-live-example]");
  if (!form) return;
  let timer = 0;
  let running = null;

  const look = async () => {
    running?.abort();
    running = new AbortController();
    const body = new FormData(form);
    body.set("preview", "1");
    try {
      const response = await fetch(form.action, { method: "POST", body, signal: running.signal, redirect: "error" });
      if (!response.ok) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const found = page.querySelector(form.dataset.liveExample);
      if (found) document.querySelector(form.dataset.liveExample).replaceChildren(...found.childNodes);
    } catch {
      // The button still works.
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 400);
  });
})();

// A date is typed as people write it; beside it a calendar, and what was read: components/date_picker.html. Reads as
// core/formats.py does, but for Chinese numerals.
(() => {
  "use strict";

  const REPUBLIC = 1911;
  const two = (number) => String(number).padStart(2, "0");
  const language = document.documentElement.lang;
  const isChinese = language.startsWith("zh");
  const WORDS = { weekday: isChinese ? "short" : "long", year: "numeric", month: "long", day: "numeric" };

  const read = (text) => {
    const plain = text.normalize("NFKC").replace(/中華民[國国]|民[國国]?/u, "").trim();
    const found =
      /^(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日號]?$/u.exec(plain) || /^(\d{2,4})(\d{2})(\d{2})$/.exec(plain);
    if (!found) return null;
    const [year, month, day] = found.slice(1).map(Number);
    const date = new Date(Date.UTC(year < 1000 ? year + REPUBLIC : year, month - 1, day));
    return year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : null;
  };
  const say = (date) => {
    if (!isChinese) return date.toLocaleDateString(language, { ...WORDS, timeZone: "UTC" });
    const weekday = "日一二三四五六"[date.getUTCDay()];
    return `民國 ${date.getUTCFullYear() - REPUBLIC} 年 ${date.getUTCMonth() + 1} 月 ${date.getUTCDate()} 日（${weekday}）`;
  };

  document.querySelectorAll("[data-picks]").forEach((picker) => {
    const field = document.getElementById(picker.dataset.picks);
    const [button, output] = picker.children;
    const calendar = Object.assign(document.createElement("input"), { type: "date", tabIndex: -1 });
    if (!field || !calendar.showPicker) return;
    calendar.setAttribute("aria-hidden", "true");
    picker.append(calendar);
    const tell = () => {
      const date = read(field.value);
      output.textContent = date ? say(date) : "";
    };
    picker.hidden = false;
    button.addEventListener("click", () => {
      const date = read(field.value);
      calendar.value = date ? date.toISOString().slice(0, 10) : "";
      calendar.showPicker();
    });
    calendar.addEventListener("change", () => {
      if (!calendar.value) return;
      const [year, month, day] = calendar.value.split("-").map(Number);
      field.value = isChinese ? `${year - REPUBLIC}/${two(month)}/${two(day)}` : calendar.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
    field.addEventListener("input", tell);
    tell();
  });
})();

// A single key leads to the field with data-shortcut="/", while no field has the focus; it can be switched off at the foot
// of the page (WCAG 2.1.4), in this browser.
(() => {
  "use strict";

  const fields = new Map(Array.from(document.querySelectorAll("[data-shortcut]"), (one) => [one.dataset.shortcut, one]));
  const button = document.querySelector("[data-shortcuts]");
  if (!fields.size || !button) return;
  const KEY = "desk-shortcuts";
  const on = button.textContent;
  const isOn = () => localStorage.getItem(KEY) !== "off";
  const told = document.querySelectorAll("[data-shortcut-told]");
  const say = () => {
    button.textContent = isOn() ? on : button.dataset.off;
    told.forEach((one) => (one.hidden = !isOn()));
  };

  document.addEventListener("keydown", (event) => {
    const field = fields.get(event.key);
    const isTyping = event.target.matches("input, select, textarea, [contenteditable]");
    if (!field || !isOn() || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  button.hidden = false;
  button.addEventListener("click", () => {
    localStorage.setItem(KEY, isOn() ? "off" : "on");
    say();
  });
  say();
})();

// Evidence is enlarged and turned where it stands: <figure data-viewer> with its tools.
(() => {
  "use strict";

  const MOST = 3;

  document.querySelectorAll("[data-viewer]").forEach((viewer) => {
    const tools = viewer.querySelector(".viewer__tools");
    let zoom = 0;
    let turn = 0;
    tools.hidden = false;
    tools.addEventListener("click", (event) => {
      const { zoomBy, turnBy } = event.target.dataset;
      zoom = Math.min(MOST, Math.max(0, zoom + Number(zoomBy || 0)));
      turn = (turn + Number(turnBy || 0)) % 4;
      viewer.dataset.zoom = zoom;
      viewer.dataset.turn = turn;
    });
  });
})();

// One tick for a whole list: an element data-check-all="name" with a checkbox, for those of that name, or those of them
// in what data-of="selector" finds.
(() => {
  "use strict";

  const othersOf = (label) =>
    document.querySelectorAll(`${label.dataset.of || ""} input[type=checkbox][name="${label.dataset.checkAll}"]`);
  const labels = () => document.querySelectorAll("[data-check-all]");
  const show = () => labels().forEach((label) => (label.hidden = false));
  show();
  document.addEventListener("parts-renewed", show);
  document.addEventListener("change", ({ target }) =>
    labels().forEach((label) => {
      const box = label.querySelector("input");
      const others = Array.from(othersOf(label));
      if (target === box) others.forEach((one) => (one.checked = box.checked));
      else if (target.name === label.dataset.checkAll) box.checked = others.every((one) => one.checked);
    }),
  );
})();

// How many of a list are ticked: an element data-count-of="name", whose data-words hold {count}.
(() => {
  "use strict";

  const say = () =>
    document.querySelectorAll("[data-count-of]").forEach((place) => {
      place.dataset.neutral ??= place.textContent;
      const boxes = `input[type=checkbox][name="${place.dataset.countOf}"]:checked`;
      const count = document.querySelectorAll(boxes).length;
      place.textContent = count ? place.dataset.words.replace("{count}", count) : place.dataset.neutral;
    });
  document.addEventListener("change", say);
  window.addEventListener("pageshow", say);
})();

// Before the session ends of idleness: a question. After it: the page is covered, and what was typed waits for the
// same person to log in again. Pages in other tabs keep the session too: each tells when it was last shown.
(() => {
  "use strict";

  const guard = document.querySelector("dialog[data-session]");
  if (!guard) return;
  const WARNING = 120;
  const KEY = `session-until-${guard.dataset.person}`;
  const part = (name) => guard.querySelector(`[data-when="${name}"]`);
  const problem = guard.querySelector("[data-session-problem]");
  let timer = 0;

  const now = () => Date.now() / 1000;
  const until = () => Number(localStorage.getItem(KEY) || 0);
  const show = (name) => {
    for (const one of ["warning", "over"]) part(one).hidden = one !== name;
    guard.classList.toggle("session-guard--over", name === "over");
    if (!guard.open) guard.showModal();
  };
  const look = () => {
    clearTimeout(timer);
    const left = until() - now();
    if (left <= 0) return show("over");
    // Another tab is logged in again: not before the token of the new session is here.
    if (guard.classList.contains("session-guard--over")) return ask({}).then(goOn, () => {});
    if (left <= WARNING) show("warning");
    else if (guard.open) guard.close();
    timer = setTimeout(look, Math.max(1, left > WARNING ? left - WARNING : left) * 1000);
  };
  const lasts = (seconds) => {
    localStorage.setItem(KEY, String(now() + seconds));
    look();
  };
  const ask = async (options) => {
    const response = await fetch(guard.dataset.stay, { redirect: "error", cache: "no-store", ...options });
    if (!response.ok) throw new Error(String(response.status));
    const told = await response.json();
    if (told.person !== guard.dataset.person) throw new Error("somebody else");
    return told;
  };
  const goOn = (told) => {
    problem.hidden = true;
    guard.classList.remove("session-guard--over");
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((one) => (one.value = told.token));
    lasts(told.seconds);
  };

  guard.querySelector("[data-session-stay]").addEventListener("click", () => {
    const body = new FormData(guard.querySelector("form"));
    ask({ method: "POST", body }).then(goOn, look);
  });
  guard.querySelector("[data-session-back]").addEventListener("click", () => {
    ask({}).then(goOn, () => (problem.hidden = false));
  });
  guard.addEventListener("cancel", (event) => event.preventDefault());
  window.addEventListener("storage", (event) => event.key === KEY && look());
  document.addEventListener("visibilitychange", look);
  lasts(Number(guard.dataset.seconds));
})();

// What is spoken plays where one is: <a data-plays href="….wav">, which without script opens in a tab of its own.
(() => {
  "use strict";

  document.querySelectorAll("a[data-plays]").forEach((link) => {
    const word = link.querySelector("[data-plays-word]");
    let sound = null;
    link.setAttribute("role", "button");
    link.removeAttribute("target");
    link.addEventListener("keydown", (event) => {
      if (event.key === " ") {
        event.preventDefault();
        link.click();
      }
    });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      if (!sound) {
        sound = new Audio(link.href);
        sound.addEventListener("ended", () => (word.textContent = link.dataset.again));
        sound.addEventListener("error", () => window.open(link.href, "_blank", "noopener"));
      }
      sound.currentTime = 0;
      sound.play().then(() => (word.textContent = link.dataset.playing), () => {});
    });
  });
})();

// Passwords can be looked at: of the <button data-shows="id" hidden> beside each field, a form shows the last one, for
// all of them. They go out hidden, whatever was shown.
(() => {
  "use strict";

  const forms = new Map();
  document.querySelectorAll("button[data-shows]").forEach((button) => {
    const form = button.form;
    forms.set(form, [...(forms.get(form) || []), button]);
  });
  forms.forEach((buttons, form) => {
    const button = buttons.at(-1);
    const fields = buttons.map((one) => document.getElementById(one.dataset.shows));
    const words = [button.textContent, button.dataset.hide];
    const turn = (shown) => {
      fields.forEach((field) => (field.type = shown ? "text" : "password"));
      button.textContent = words[Number(shown)];
      button.setAttribute("aria-pressed", String(shown));
    };
    button.hidden = false;
    button.addEventListener("click", () => turn(fields[0].type === "password"));
    form.addEventListener("submit", () => turn(false));
  });
})();

// How strong a new password is, in words, while one types. Counts as accounts/strength.py does.
(() => {
  "use strict";

  const HAN = /[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
  const surprises = (password) => {
    let count = 0;
    let before = "";
    const seen = new Set();
    for (const one of password.normalize("NFKC").toLowerCase()) {
      const isNeighbour = before && Math.abs(one.codePointAt(0) - before.codePointAt(0)) <= 1;
      if (!isNeighbour && !seen.has(before + one)) count += one.codePointAt(0) < 128 ? 1 : 2;
      seen.add(before + one);
      before = one;
    }
    return count;
  };

  document.querySelectorAll("[data-strength]").forEach((line) => {
    const field = document.getElementById(line.dataset.strength);
    const word = line.querySelector("[data-strength-word]");
    const { least, leastHan, enough, good } = line.dataset;
    const first = word.textContent;
    const levelOf = (password) => {
      const typed = Array.from(password.normalize("NFKC"));
      const isHan = typed.filter((one) => HAN.test(one)).length * 2 > typed.length;
      if (typed.length < Number(isHan ? leastHan : least)) return 0;
      return 1 + Number(surprises(password) >= enough) + Number(surprises(password) >= good);
    };
    field.addEventListener("input", () => {
      const said = field.value ? line.getAttribute(`data-word-${levelOf(field.value)}`) : first;
      if (word.textContent !== said) word.textContent = said;
    });
  });
})();

// Files are chosen by our own button and named in our own words: components/file_box.html.
(() => {
  "use strict";

  document.querySelectorAll("[data-file-box]").forEach((box) => {
    const field = box.querySelector("input");
    const name = box.querySelector(".file-box__name");
    const none = name.textContent;
    const say = () => {
      name.textContent = Array.from(field.files, (file) => file.name).join("\n") || none;
      box.classList.toggle("file-box--filled", field.files.length > 0);
    };
    box.querySelectorAll("[data-file-box-part]").forEach((part) => (part.hidden = false));
    box.classList.add("file-box--ready");
    field.addEventListener("change", say);
    window.addEventListener("pageshow", say);
    say();
  });
})();

// Paper has no folds: <details data-opens-in-print>.
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details[data-opens-in-print]").forEach((fold) => (fold.open = true));
});

// A page that waits for something, <main data-watch="seconds">, is fetched anew until it waits no more. What changed is put
// in its place and said in #watch-says; nothing happens while somebody writes there.
(() => {
  "use strict";

  const says = document.getElementById("watch-says");
  const main = () => document.getElementById("content");
  const wordsOf = (part) => part.querySelector(".alert__title, .pill, h1")?.textContent.trim();

  const controlsOf = (part) => Array.from(part.querySelectorAll("a, button, summary"));

  const renew = async () => {
    const response = await fetch(location.href, { cache: "no-store", redirect: "error" });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const [before, after] = [main(), page.getElementById("content")];
    if (!after || (after.textContent === before.textContent && after.dataset.watch === before.dataset.watch)) return;
    const place = controlsOf(before).indexOf(document.activeElement);
    before.replaceWith(after);
    document.dispatchEvent(new Event("parts-renewed"));
    if (place >= 0) (controlsOf(after)[place] || after).focus();
    if (wordsOf(after) !== wordsOf(before)) says.textContent = wordsOf(after);
  };
  const isBusy = () => document.hidden || document.activeElement.matches("input, select, textarea");
  const wait = () => {
    if (main().dataset.watch) setTimeout(look, Number(main().dataset.watch) * 1000);
  };
  const look = () => (isBusy() ? Promise.resolve() : renew()).catch(() => {}).then(wait);

  if (says) wait();
})();

// What is ticked, added up: <output data-sum-of="name" data-words="… {sum} …"> for checkboxes with data-sum (dollars).
(() => {
  "use strict";

  document.querySelectorAll("[data-sum-of]").forEach((place) => {
    const boxes = `input[name="${place.dataset.sumOf}"]:checked`;
    const say = () => {
      const sum = Array.from(place.form.querySelectorAll(boxes)).reduce((all, one) => all + Number(one.dataset.sum), 0);
      place.textContent = place.dataset.words.replace("{sum}", `NT$${sum.toLocaleString("en")}`);
    };
    place.hidden = false;
    say();
    place.form.addEventListener("change", say);
    window.addEventListener("pageshow", say);
  });
})();

// A number can be copied: <button data-copies="…" data-done="word" hidden>.
(() => {
  "use strict";

  if (!navigator.clipboard) return;
  document.querySelectorAll("button[data-copies]").forEach((button) => {
    const neutral = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copies);
      button.textContent = button.dataset.done;
      setTimeout(() => (button.textContent = neutral), 4000);
    });
  });
})();

// The last page before a gateway goes on by itself, unless one came back to it.
(() => {
  "use strict";

  const form = document.querySelector("form[data-goes-on]");
  const came = performance.getEntriesByType("navigation")[0];
  if (form && came && came.type === "navigate") form.submit();
})();
