// The frame: router, navigation, search, live state. A page is a module with title and show(context).
import * as api from './api.js';
import {h, replace} from './dom.js';
import * as f from './format.js';
import {failure} from './parts.js';
import {header} from './header.js';

const PAGES = [
  [/^\/$/, () => import('./pages/fleet.js'), 'Fleet'],
  [/^\/hosts$/, () => import('./pages/hosts.js'), 'Hosts'],
  [/^\/hosts\/([^/]+)$/, () => import('./pages/host.js'), 'Host'],
  [/^\/callers$/, () => import('./pages/callers.js'), 'Callers'],
  [/^\/caller$/, () => import('./pages/caller.js'), 'Caller'],
  [/^\/alerts$/, () => import('./pages/alerts.js'), 'Alerts'],
  [/^\/alerts\/([^/]+)$/, () => import('./pages/alert.js'), 'Alert'],
  [/^\/explain$/, () => import('./pages/explain.js'), 'Explain'],
  [/^\/sql$/, () => import('./pages/sql.js'), 'SQL'],
  [/^\/pipeline$/, () => import('./pages/pipeline.js'), 'Pipeline'],
];

const main = document.getElementById('main');
const banner = document.getElementById('banner');
const state = {session: null, live: null, goneSince: 0, shown: null, visit: 0};

/** What a page sees of the frame. */
class Context {
  constructor(parameters, visit) {
    this.parameters = parameters;
    this.visit = visit;
    this.query = new URLSearchParams(location.search);
    this.leaving = new AbortController();
    this.session = state.session;
    this.memory = {};
  }

  get current() {
    return this.visit === state.visit;
  }

  get range() {
    return this.query.get('range') ?? '1h';
  }

  get(path, query) {
    return api.get(path, query, this.leaving.signal);
  }

  /** Changes the query in the URL and shows the page again. */
  set(changes, {replace: inPlace = false, quietly = false} = {}) {
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === undefined || value === '') this.query.delete(name);
      else this.query.set(name, value);
    }
    const text = this.query.toString();
    const url = location.pathname + (text ? `?${text}` : '');
    history[inPlace || quietly ? 'replaceState' : 'pushState'](null, '', url);
    if (!quietly) refresh(true);
  }
}

export function go(url) {
  history.pushState(null, '', url);
  visit();
}

async function visit() {
  state.shown?.context.leaving.abort();
  state.shown?.page.leave?.(state.shown.context);
  const number = ++state.visit;
  state.path = location.pathname;
  const found = PAGES.map(([pattern, load, name]) => ({match: pattern.exec(location.pathname), load, name})).find(entry => entry.match);
  mark(found?.name);
  document.body.dataset.page = (found?.name ?? 'none').toLowerCase();
  if (!found) {
    state.shown = null;
    title('Not found');
    replace(main, h('h1', 'There is no such page'), h('p', h('a', {href: '/'}, 'To the fleet'), ', or search with ', h('kbd', '/'), '.'));
    return;
  }
  const context = new Context(found.match.slice(1).map(decodeURIComponent), number);
  replace(main, h('h1', found.name), h('p.quiet.loading', 'Loading…'));
  title(found.name);
  try {
    const page = await found.load();
    if (!context.current) return;
    state.shown = {page, context};
    await refresh(false);
  } catch (error) {
    if (context.current) showFailure(error);
  }
  if (context.current) {
    const place = location.hash && document.getElementById(location.hash.slice(1));
    if (place) place.scrollIntoView();
    else scrollTo(0, 0);
  }
}

let refreshing = null;

/** Shows the page again with what is new; keeps focus, caret and scroll position. */
async function refresh(queryChanged) {
  const shown = state.shown;
  if (!shown) return;
  if (queryChanged) shown.context.query = new URLSearchParams(location.search);
  if (refreshing === shown && !queryChanged) return;
  refreshing = shown;
  try {
    const content = await shown.page.show(shown.context, {live: false});
    if (!shown.context.current || content === null) return;
    const kept = keepFocus();
    // A page that keeps a part in use is built only now: to move that part takes the focus from it.
    replace(main, typeof content === 'function' ? content() : content);
    kept();
    title(main.querySelector('h1')?.dataset.title ?? main.querySelector('h1')?.textContent ?? '');
    document.body.dataset.ready = String(Date.now());
  } catch (error) {
    if (error.name !== 'AbortError' && shown.context.current) showFailure(error);
  } finally {
    refreshing = null;
  }
}

function showFailure(error) {
  if (error.status === 401) {
    signIn();
    return;
  }
  console.error(error);
  const heading = main.querySelector('h1')?.textContent ?? 'Error';
  replace(main, h('h1', heading), failure(error, () => visit()));
}

/** What tells an element again after the page was built anew. A link by where it goes: what it says may change with each window. */
function signature(element) {
  if (element.dataset.keep) return `keep ${element.dataset.keep}`;
  if (element.hasAttribute('href')) return `link ${element.getAttribute('href')}`;
  return `${element.tagName} ${element.name ?? ''} ${element.tagName === 'SELECT' ? '' : element.getAttribute('aria-label') ?? element.textContent.slice(0, 60)}`;
}

/** Remembers what a person is at: focus, caret, opened details, places scrolled to. Returns what puts it back. */
function keepFocus() {
  const focused = main.contains(document.activeElement) ? document.activeElement : null;
  const wanted = focused && signature(focused);
  const rank = focused ? [...main.querySelectorAll(focused.tagName)].filter(other => signature(other) === wanted).indexOf(focused) : 0;
  const caret = focused?.setSelectionRange && focused.type !== 'number' ? [focused.value, focused.selectionStart, focused.selectionEnd] : null;
  const opened = [...main.querySelectorAll('details[open] > summary')].map(summary => summary.textContent);
  const scrolled = [...main.querySelectorAll('.scroll')].map(box => box.scrollLeft);
  const page = [scrollX, scrollY];
  return () => {
    main.querySelectorAll('details > summary').forEach(summary => {
      if (opened.includes(summary.textContent)) summary.parentElement.open = true;
    });
    main.querySelectorAll('.scroll').forEach((box, i) => { box.scrollLeft = scrolled[i] ?? 0; });
    scrollTo(...page);
    if (!focused || document.activeElement === focused) return;
    const again = focused.isConnected ? focused : [...main.querySelectorAll(focused.tagName)].filter(other => signature(other) === wanted)[Math.max(0, rank)];
    again?.focus({preventScroll: true});
    if (again && caret && again.setSelectionRange) {
      again.value = caret[0];
      again.setSelectionRange(caret[1], caret[2]);
    }
  };
}

function title(text) {
  document.title = text ? `${text} · vmalloc-fleet` : 'vmalloc-fleet';
}

function mark(name) {
  const section = {Host: 'Hosts', Caller: 'Callers', Alert: 'Alerts'}[name] ?? name;
  for (const link of document.querySelectorAll('#top nav a')) {
    if (link.textContent === section) {
      link.setAttribute('aria-current', 'page');
      link.scrollIntoView({block: 'nearest', inline: 'nearest'}); // on a phone the last ones are out of sight
    } else link.removeAttribute('aria-current');
  }
}

// Live state.

function onState(now) {
  const before = state.live;
  state.live = now;
  state.goneSince = 0;
  showBanner();
  const changed = !before || before.window !== now.window || before.alerts !== now.alerts || before.phase !== now.phase;
  if (changed && before && !document.hidden && state.shown?.page.live !== false) {
    // At most a page a second, however fast windows come.
    clearTimeout(state.soon);
    state.soon = setTimeout(() => {
      // What somebody is marking to copy stays as it is.
      if (getSelection().isCollapsed) refresh(false);
    }, 300);
  }
}

function onGone() {
  state.goneSince ||= Date.now();
  showBanner();
}

function showBanner() {
  const now = state.live;
  let text = '';
  let kind = '';
  if (state.goneSince && Date.now() - state.goneSince > 3000) {
    text = `No connection to the console since ${f.clock(state.goneSince)}; what you see is as of then. Trying again.`;
    kind = 'bad';
  } else if (now?.trouble) {
    text = `${now.trouble}. What you see is as of the last window, ${now.window ? f.clock(now.window) : 'none yet'}.`;
    kind = 'bad';
  } else if (now?.phase === 'CONNECTING') {
    text = 'Connecting to Kafka…';
    kind = 'note';
  } else if (now?.phase === 'REBUILDING') {
    text = `Reading the last day back from Kafka: ${Math.floor(now.progress * 100)} %. Numbers are not complete yet.`;
    kind = 'note';
  } else if (now && !now.window) {
    text = 'No window yet: the first one shows when hosts report and the job has closed it.';
    kind = 'note';
  } else if (now && Date.now() - now.window > Math.max(180_000, 4 * (state.windowMillis ?? 0))) {
    text = `The newest window ended ${f.ago(now.window)}: the pipeline stands still or lags.`;
    kind = 'warn';
  }
  banner.className = kind;
  if (banner.textContent !== text) banner.textContent = text;
}

function signIn() {
  const word = h('input', {type: 'password', autocomplete: 'current-password', 'aria-label': 'token', required: true});
  const said = h('p', {role: 'alert'});
  const form = h('form.sign-in', {
    onsubmit: async event => {
      event.preventDefault();
      try {
        await api.send('POST', '/api/session', {token: word.value});
        location.reload();
      } catch (error) {
        said.textContent = error.message;
      }
    },
  }, h('h1', 'Sign in'), h('p', 'This console asks for its token, the content of the file given with ', h('code', '--token-file'), '.'), word, h('button', 'Sign in'), said);
  title('Sign in');
  replace(main, form);
  word.focus();
}

// Links inside stay inside.
document.addEventListener('click', event => {
  const link = event.target.closest('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || link.target || link.hasAttribute('download') || url.pathname.startsWith('/api/') || url.pathname === '/openapi.yaml') return;
  if (url.pathname === location.pathname && url.hash) return;
  event.preventDefault();
  go(url.pathname + url.search + url.hash);
});
addEventListener('popstate', () => {
  if (state.shown?.context.current && location.pathname === state.path) refresh(true);
  else visit();
});
addEventListener('themechange', () => refresh(false));
setInterval(showBanner, 2000);

async function start() {
  try {
    state.session = await api.session();
  } catch (error) {
    showFailure(error);
    return;
  }
  replace(document.getElementById('top'), header(state.session, go));
  if (!state.session.signedIn) {
    signIn();
    return;
  }
  api.live(onState, onGone);
  await visit();
}

start();
