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
