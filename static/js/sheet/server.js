// The requests of the grid. Each answers `{kind, data}`:
//
//   ok          `data` is what the server said
//   offline     no connection, or no answer in time      busy   the server cannot just now
//   login       the session has ended                    other  somebody else has logged in meanwhile
//   forbidden   the permission has ended                 broken the server does not understand the request

const PATIENCE_MS = 30_000;

export class Server {
  #urls;
  #user;
  #token;

  /** `token` is the page's own CSRF token: it ends with the session, so that nothing is sent as another user. */
  constructor({ urls, user }, token) {
    this.#urls = urls;
    this.#user = user;
    this.#token = token;
  }

  save(cells) {
    return this.#post(this.#urls.save, JSON.stringify({ cells }));
  }

  submit(reports) {
    return this.#post(this.#urls.submit, JSON.stringify({ reports }));
  }

  evidence(form) {
    return this.#post(this.#urls.evidence, form);
  }

  /** The whole state, if it is still the same user's. */
  async state() {
    const answer = await ask(this.#urls.state);
    return answer.kind === "ok" && answer.data.user !== this.#user ? { kind: "other", data: answer.data } : answer;
  }

  async #post(url, body) {
    const answer = await this.#send(url, body);
    if (answer.kind !== "forbidden") {
      return answer;
    }
    // A new session has a new token: it is taken only when the same user has logged in again.
    const state = await this.state();
    const token = cookie("__Host-csrftoken") || cookie("csrftoken");
    if (state.kind !== "ok" || token === this.#token) {
      return state.kind === "ok" ? answer : state;
    }
    this.#token = token;
    return this.#send(url, body);
  }

  #send(url, body) {
    const headers = { "X-CSRFToken": this.#token };
    if (typeof body === "string") {
      headers["Content-Type"] = "application/json";
    }
    return ask(url, { method: "POST", body, headers });
  }
}

async function ask(url, { headers = {}, ...options } = {}) {
  let response;
  try {
    response = await fetch(url, {
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { Accept: "application/json", ...headers },
      ...options,
    });
    return await understood(response);
  } catch {
    return { kind: "offline" };
  }
}

async function understood(response) {
  if (response.type === "opaqueredirect" || response.status === 401) {
    return { kind: "login" };
  }
  if (response.status >= 500 || response.status === 429) {
    return { kind: "busy" };
  }
  if (response.status === 403 || response.status === 404) {
    return { kind: "forbidden" };
  }
  if (!response.headers.get("Content-Type")?.includes("json")) {
    return { kind: response.ok ? "login" : "broken" };
  }
  return { kind: response.ok ? "ok" : "broken", data: await response.json() };
}

function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
