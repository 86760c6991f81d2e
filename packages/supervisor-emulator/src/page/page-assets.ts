/** The style of the page, light and dark. */
export const pageStyle = `
:root { color-scheme: light dark; --line: light-dark(#d5d9df, #3a4048); --soft: light-dark(#57606a, #9da7b3); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 0 auto; padding: 1rem; }
h1 { margin: 0; font-size: 1.75rem; }
h2 { margin: 2rem 0 0.5rem; font-size: 1.25rem; }
small { color: var(--soft); font-weight: normal; }
code { font: 0.875em ui-monospace, monospace; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 0.75rem 1.5rem; margin: 0; }
dt, caption { color: var(--soft); font-size: 0.875rem; }
dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; margin-top: 1rem; }
caption { text-align: left; padding-bottom: 0.25rem; }
th, td { text-align: left; vertical-align: top; padding: 0.375rem 1rem 0.375rem 0; border-bottom: 1px solid var(--line); }
thead th { font-size: 0.875rem; }
tbody th { font-weight: 600; white-space: nowrap; }
progress { vertical-align: middle; }
button { font: inherit; padding: 0.25rem 0.75rem; }
`;

/** The script of the page: it refreshes every second, unless it is paused or hidden. */
export const pageScript = `
const button = document.getElementById('pause');
button.hidden = false;
let isPaused = false;
button.addEventListener('click', () => {
  isPaused = !isPaused;
  button.setAttribute('aria-pressed', String(isPaused));
});
async function refresh() {
  if (isPaused || document.hidden) return;
  const state = document.getElementById('state');
  try {
    const response = await fetch('/', { headers: { accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const latest = page.getElementById('state');
    if (latest && latest.innerHTML !== state.innerHTML) state.replaceWith(document.importNode(latest, true));
  } catch {
    state.replaceChildren(Object.assign(document.createElement('p'), { textContent: 'The Supervisor is not responding.' }));
  }
}
setInterval(refresh, 1000);
`;
