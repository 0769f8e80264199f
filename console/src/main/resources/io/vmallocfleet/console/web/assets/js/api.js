// The API, and the stream that says when to ask it again.

let csrf = '';

export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export async function session() {
  const answer = await get('/api/session');
  csrf = answer.csrf;
  return answer;
}

export async function get(path, query = {}, signal) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, value);
  }
  const text = parameters.toString();
  return answer(await reach(path + (text ? `?${text}` : ''), {signal}));
}

export async function send(method, path, body) {
  return answer(await reach(path, {
    method,
    headers: {'Content-Type': 'application/json', 'X-Console-Csrf': csrf},
    body: JSON.stringify(body ?? {}),
  }));
}

export async function upload(path, text) {
  return answer(await reach(path, {method: 'POST', headers: {'Content-Type': 'text/plain', 'X-Console-Csrf': csrf}, body: text}));
}

/** Reads are asked again: a laptop that changes networks drops what is under way. */
async function reach(path, options) {
  const tries = options.method ? 1 : 3;
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetch(path, options);
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      if (attempt === tries) throw new ApiError('the console does not answer', 0);
      await new Promise(done => setTimeout(done, 250 * attempt));
    }
  }
}

async function answer(response) {
  if (response.ok) return response.json();
  let message = `${response.status} ${response.statusText}`;
  try {
    message = (await response.json()).error ?? message;
  } catch {
    // Not JSON: the status has to do.
  }
  throw new ApiError(message, response.status);
}

/**
 * Calls back at each change; the browser connects again by itself. Only a page somebody looks at
 * holds the connection: a browser has six of them for one server, and there may be ten tabs.
 */
export function live(onState, onGone) {
  let source = null;
  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource('/api/events');
    source.addEventListener('state', event => onState(JSON.parse(event.data)));
    source.addEventListener('error', onGone);
  };
  const close = () => {
    source?.close();
    source = null;
  };
  document.addEventListener('visibilitychange', () => document.hidden ? close() : open());
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  open();
}
