// Size of the letters, light or dark: kept in this browser, the same on every page and in every tab. A classic script in
// the head, so that the page is never first shown in another look; plain enough for any browser.

(function () {
  var SIZE = "niangjia.size";
  var COLOURS = "niangjia.colours";
  var SIZES = ["large", "larger", "largest"];
  var MEDIA = { light: "not all", dark: "all" };
  var root = document.documentElement;

  function kept(name) {
    try {
      return window.localStorage.getItem(name) || "";
    } catch (error) {
      return "";
    }
  }

  function keep(name, value) {
    try {
      if (value) window.localStorage.setItem(name, value);
      else window.localStorage.removeItem(name);
    } catch (error) {
      return;
    }
  }

  function setSize(size) {
    if (SIZES.indexOf(size) < 0) root.removeAttribute("data-size");
    else root.setAttribute("data-size", size);
  }

  // The dark colours are a style sheet of their own: switched by its media.
  function setColours(colours) {
    var dark = document.getElementById("dark");
    var scheme = document.querySelector('meta[name="color-scheme"]');
    dark.media = MEDIA[colours] || "(prefers-color-scheme: dark)";
    scheme.content = MEDIA[colours] ? colours : "light dark";
    tint(colours);
  }

  // The browser's own bar above the page.
  function tint(colours) {
    var metas = document.querySelectorAll('meta[name="theme-color"]');
    for (var i = 0; i < metas.length; i += 1) {
      var own = metas[i].getAttribute("data-colours");
      metas[i].media = MEDIA[colours] ? (own === colours ? "all" : "not all") : "(prefers-color-scheme: " + own + ")";
    }
  }

  function show(name, value, set) {
    set(value);
    var inputs = document.querySelectorAll('input[name="' + name + '"]');
    for (var i = 0; i < inputs.length; i += 1) inputs[i].checked = inputs[i].value === value;
  }

  function showKept() {
    show(SIZE, kept(SIZE), setSize);
    show(COLOURS, kept(COLOURS), setColours);
  }

  function chosen(event) {
    var name = event.target.name;
    if (name !== SIZE && name !== COLOURS) return;
    keep(name, event.target.value);
    show(name, event.target.value, name === SIZE ? setSize : setColours);
  }

  showKept();
  document.addEventListener("DOMContentLoaded", showKept);
  document.addEventListener("change", chosen);
  window.addEventListener("storage", showKept);
})();
