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

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError('the console does not answer', 0);
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

/** Calls back at each change; the browser connects again by itself. */
export function live(onState, onGone) {
  const source = new EventSource('/api/events');
  source.addEventListener('state', event => onState(JSON.parse(event.data)));
  source.addEventListener('error', () => onGone());
  return () => source.close();
}
