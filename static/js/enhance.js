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

// In a form with several answers of equal weight Enter presses none of them: see components/no_enter.html.
document.addEventListener("keydown", (event) => {
  const form = event.key === "Enter" && event.target.matches("input, select") && event.target.form;
  if (form && form.querySelector("[data-no-enter]")) event.preventDefault();
});

// A list narrows as one types: <form data-live-search="#results" data-not-sent="pattern">. What the pattern finds may be
// the beginning of an ID number and is not sent, since it would stand in an address.
(() => {
  "use strict";

  const form = document.querySelector("form[data-live-search]");
  if (!form) return;
  const notSent = new RegExp(form.dataset.notSent, "iu");
  let timer = 0;
  let running = null;

  const look = async () => {
    const typed = new URLSearchParams(new FormData(form));
    if (Array.from(typed.values()).some((value) => notSent.test(value.normalize("NFKD")))) return;
    running?.abort();
    running = new AbortController();
    const address = `${form.action.split("?")[0]}?${typed}`;
    try {
      const response = await fetch(address, { signal: running.signal, redirect: "error" });
      if (!response.ok) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const found = page.querySelector(form.dataset.liveSearch);
      if (!found) return;
      document.querySelector(form.dataset.liveSearch).replaceWith(found);
      history.replaceState(null, "", address);
    } catch {
      // The button still works.
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 250);
  });
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

// One tick for a whole list: an element data-check-all="name" with a checkbox, for those of that name that are not
// data-registered already.
(() => {
  "use strict";

  document.querySelectorAll("[data-check-all]").forEach((label) => {
    const box = label.querySelector("input");
    const others = () =>
      document.querySelectorAll(`input[type=checkbox][name="${label.dataset.checkAll}"]:not([data-registered])`);
    label.hidden = false;
    box.addEventListener("change", () => others().forEach((one) => (one.checked = box.checked)));
    document.addEventListener("change", (event) => {
      if (event.target.name === label.dataset.checkAll) {
        box.checked = Array.from(others()).every((one) => one.checked);
      }
    });
  });
})();

// How many of a list are ticked: an element data-count-of="name", whose data-words hold {count}.
(() => {
  "use strict";

  document.querySelectorAll("[data-count-of]").forEach((place) => {
    const neutral = place.textContent;
    const boxes = `input[type=checkbox][name="${place.dataset.countOf}"]:checked`;
    const say = () => {
      const count = document.querySelectorAll(boxes).length;
      place.textContent = count ? place.dataset.words.replace("{count}", count) : neutral;
    };
    document.addEventListener("change", say);
    window.addEventListener("pageshow", say);
  });
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

// A password can be looked at: <button data-shows="id" hidden> beside its field. It goes out hidden, whatever was shown.
(() => {
  "use strict";

  document.querySelectorAll("button[data-shows]").forEach((button) => {
    const field = document.getElementById(button.dataset.shows);
    const words = [button.textContent, button.dataset.hide];
    const turn = (shown) => {
      field.type = shown ? "text" : "password";
      button.textContent = words[Number(shown)];
      button.setAttribute("aria-pressed", String(shown));
    };
    button.hidden = false;
    button.addEventListener("click", () => turn(field.type === "password"));
    field.form.addEventListener("submit", () => turn(false));
  });
})();

// How strong a new password is, in words, while one types. Counts as accounts/strength.py does.
(() => {
  "use strict";

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
    const [least, enough, good] = [line.dataset.least, line.dataset.enough, line.dataset.good].map(Number);
    const first = word.textContent;
    const levelOf = (password) => {
      if (Array.from(password).length < least) return 0;
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
