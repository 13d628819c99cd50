// From the calendar on to a page that everybody opens, without a step back to here. Classic script: any browser runs it.

(function () {
  var onward = document.body.getAttribute("data-onward");
  if (onward && navigator.onLine !== false) window.location.replace(onward);
})();
