// Before the first paint, so that a dark room stays dark.
(() => {
  try {
    const wanted = localStorage.getItem('theme');
    if (wanted === 'light' || wanted === 'dark') {
      document.documentElement.dataset.theme = wanted;
    }
  } catch {
    // No storage: the system's choice holds.
  }
})();
