// Navigation, search from anywhere, theme, keys.
import * as api from './api.js';
import {h, replace} from './dom.js';
import * as f from './format.js';

const LINKS = [['Fleet', '/', 'f'], ['Hosts', '/hosts', 'h'], ['Callers', '/callers', 'c'], ['Alerts', '/alerts', 'a'],
  ['Explain', '/explain', 'e'], ['SQL', '/sql', 's'], ['Pipeline', '/pipeline', 'p']];

export function header(session, go) {
  const nav = h('nav', {'aria-label': 'pages'}, LINKS.map(([text, href, key]) => h('a', {href, title: `g ${key}`}, text)));
  const search = searchBox(go);
  keys(go, search.input);
  return [h('a.brand', {href: '/', 'aria-label': 'vmalloc-fleet, the fleet'}, h('span.mark', {'aria-hidden': 'true'}), 'vmalloc-fleet'),
    nav, search.element, themeButton(), h('button.small.help', {onclick: help, 'aria-label': 'keys', title: 'keys (?)'}, '?'),
    session.user ? h('span.quiet.user', session.user) : null];
}

function themeButton() {
  const order = ['system', 'light', 'dark'];
  const now = () => document.documentElement.dataset.theme ?? 'system';
  const button = h('button.small.theme', {
    onclick: () => {
      const next = order[(order.indexOf(now()) + 1) % order.length];
      if (next === 'system') {
        delete document.documentElement.dataset.theme;
        localStorage.removeItem('theme');
      } else {
        document.documentElement.dataset.theme = next;
        localStorage.setItem('theme', next);
      }
      show();
      dispatchEvent(new Event('themechange'));
    },
  });
  const show = () => {
    button.textContent = {system: '◐', light: '☀', dark: '☾'}[now()];
    button.setAttribute('aria-label', `colours: ${now()}`);
    button.title = `colours: ${now()}`;
  };
  show();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => dispatchEvent(new Event('themechange')));
  return button;
}

function searchBox(go) {
  const list = h('ul.results', {id: 'results', role: 'listbox', hidden: true, 'aria-label': 'hosts and callers found'});
  let hits = [];
  let at = -1;
  let asked = 0;
  const input = h('input', {
    type: 'search', placeholder: 'Host or caller  /', role: 'combobox', 'aria-label': 'search host or caller', 'aria-expanded': 'false',
    'aria-controls': 'results', 'aria-autocomplete': 'list', autocomplete: 'off',
    oninput: ask, onfocus: ask,
    onblur: () => setTimeout(hide, 150),
    onkeydown: event => {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        if (hits.length) choose((at + (event.key === 'ArrowDown' ? 1 : hits.length - 1) + (at < 0 && event.key === 'ArrowUp' ? 1 : 0)) % hits.length);
      } else if (event.key === 'Enter' && hits.length) {
        open(hits[Math.max(0, at)].href);
      } else if (event.key === 'Escape') {
        input.blur();
        hide();
      }
    },
  });

  async function ask() {
    const text = input.value.trim();
    const number = ++asked;
    if (!text) {
      hide();
      return;
    }
    try {
      const found = await api.get('/api/search', {q: text});
      if (number !== asked) return;
      hits = [
        ...found.hosts.map(host => ({href: f.hostHref(host.id), name: host.hostname, note: `host · ${host.kernelRelease} · ${f.bytes(host.bytes)}`})),
        ...found.callers.map(caller => ({href: f.callerHref(caller), name: f.callerName(caller), note: `caller · ${caller.label} · ${f.bytes(caller.bytes)}`})),
      ];
      replace(list, hits.length
        ? hits.map((hit, i) => h('li', {role: 'option', id: `result-${i}`, 'aria-selected': 'false', onmousedown: event => { event.preventDefault(); open(hit.href); }},
          h('span.mono', hit.name), h('span.quiet', hit.note)))
        : h('li.quiet', {role: 'option', 'aria-selected': 'false'}, `Nothing is called like “${text}”.`));
      at = -1;
      list.hidden = false;
      input.setAttribute('aria-expanded', 'true');
    } catch {
      hide();
    }
  }

  function choose(i) {
    at = i;
    [...list.children].forEach((child, number) => child.setAttribute('aria-selected', String(number === i)));
    input.setAttribute('aria-activedescendant', `result-${i}`);
    list.children[i]?.scrollIntoView({block: 'nearest'});
  }

  function open(href) {
    input.value = '';
    hide();
    input.blur();
    go(href);
  }

  function hide() {
    list.hidden = true;
    hits = [];
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }

  return {element: h('div.search', {role: 'search'}, input, list), input};
}

function keys(go, input) {
  let leader = 0;
  addEventListener('keydown', event => {
    const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    if (document.querySelector('dialog[open]')) return;
    if (event.key === '/') {
      event.preventDefault();
      input.focus();
    } else if (event.key === '?') {
      help();
    } else if (event.key === 'g') {
      leader = Date.now();
    } else if (Date.now() - leader < 1500) {
      const link = LINKS.find(([, , key]) => key === event.key);
      leader = 0;
      if (link) {
        event.preventDefault();
        go(link[1]);
      }
    }
  });
}

function help() {
  const rows = [['/', 'search a host or caller'], ...LINKS.map(([text, , key]) => [`g ${key}`, text]), ['Esc', 'leave a field'],
    ['+ −  ← →', 'zoom and move the address map, when it has the focus'], ['Home', 'show all of the strip'], ['?', 'this list']];
  const dialog = h('dialog.keys', {'aria-label': 'keys'}, h('h2', 'Keys'), h('dl', rows.map(([key, text]) => [h('dt', h('kbd', key)), h('dd', text)])),
    h('form', {method: 'dialog'}, h('button', {autofocus: true}, 'Close')));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
