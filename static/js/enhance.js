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

// A list narrows as one types: <form data-live-search="#results">. What may be the beginning of an ID number
// is not sent, since it would stand in an address.
(() => {
  "use strict";

  const form = document.querySelector("form[data-live-search]");
  if (!form) return;
  const mayBeIdentity = /[a-z][a-d\d]\d{2,}/i;
  let timer = 0;
  let running = null;

  const look = async () => {
    const typed = new URLSearchParams(new FormData(form));
    if (Array.from(typed.values()).some((value) => mayBeIdentity.test(value))) return;
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

// One tick for a whole list: an element data-check-all="name" with a checkbox, for those of that name.
(() => {
  "use strict";

  document.querySelectorAll("[data-check-all]").forEach((label) => {
    const box = label.querySelector("input");
    const others = () => document.querySelectorAll(`input[type=checkbox][name="${label.dataset.checkAll}"]`);
    label.hidden = false;
    box.addEventListener("change", () => others().forEach((one) => (one.checked = box.checked)));
    document.addEventListener("change", (event) => {
      if (event.target.name === label.dataset.checkAll) {
        box.checked = Array.from(others()).every((one) => one.checked);
      }
    });
  });
})();
