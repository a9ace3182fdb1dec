'use strict';
// Links lead to things that may be folded away; a printed page cannot be unfolded.
function unfold(element) {
  for (let at = element; at; at = at.parentElement) {
    if (at.tagName === 'DETAILS') {
      at.open = true;
    }
  }
}
function follow() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (target) {
    unfold(target);
    target.querySelectorAll(':scope > details').forEach((details) => { details.open = true; });
    target.scrollIntoView();
  }
}
window.addEventListener('hashchange', follow);
window.addEventListener('beforeprint', () => {
  document.querySelectorAll('details:not(.long)').forEach((details) => { details.open = true; });
});
document.querySelectorAll('button[data-copy]').forEach((button) => {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', () => {
    const text = button.parentElement.querySelector('code').textContent;
    navigator.clipboard.writeText(text).then(() => { button.textContent = 'copied'; });
  });
});
follow();
