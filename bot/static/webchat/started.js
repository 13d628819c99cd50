// Says so when the page's own scripts did not come or cannot run here: nobody sits before a button that does nothing.
// A classic script, plain enough for any browser.

(function () {
  var ENOUGH_MS = 8000;

  function look() {
    if (!document.body.getAttribute("data-started")) document.getElementById("not-started").removeAttribute("hidden");
  }

  window.addEventListener("load", function () {
    setTimeout(look, ENOUGH_MS);
  });
})();
