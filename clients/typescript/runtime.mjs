// What every call of the client shares: identity, refusals, retries, and streams that resume by themselves.

/** A call that the platform refused: `problem` is its RFC 9457 document. */
export class Refused extends Error {
  constructor(problem) {
    super(problem.detail ?? problem.title ?? `HTTP ${problem.status}`);
    this.name = "Refused";
    this.problem = problem;
    this.status = problem.status;
    this.reason = problem.reason;
    this.violations = problem.violations ?? [];
  }
}

const PASSING = new Set([429, 502, 503, 504]);
const LONGEST_WAIT = 30_000;

function wait(milliseconds, signal) {
  return new Promise((done, stopped) => {
    if (signal?.aborted) return stopped(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      stopped(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      done();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

function pause(answer, attempt) {
  const hint = Number(answer?.headers.get("Retry-After"));
  const backoff = Math.min(200 * 2 ** attempt, LONGEST_WAIT) * (0.5 + Math.random() / 2);
  return hint > 0 ? Math.max(1000 * hint, backoff) : backoff;
}

// Browsers have randomUUID in secure contexts only.
function freshKey() {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function problem(answer) {
  try {
    const found = await answer.json();
    if (found && typeof found === "object") return { status: answer.status, ...found };
  } catch {
    // No problem document: a proxy answered.
  }
  return { status: answer.status, reason: "no_problem_document", detail: `HTTP ${answer.status}` };
}

export class Runtime {
  constructor({ baseUrl, token, fetch: given, retries = 3 } = {}) {
    if (!baseUrl) throw new TypeError("give baseUrl, for example http://localhost:8098");
    this.baseUrl = baseUrl.replace(/\/+$/, "");
    this.token = token;
    this.fetch = given ?? ((...input) => globalThis.fetch(...input));
    this.retries = retries;
  }

  async request(call, params, body, options = {}) {
    // A write that is repeated carries one key, so that it counts once.
    const key = options.idempotencyKey ?? (call.method === "GET" ? undefined : freshKey());
    for (let attempt = 0; ; attempt++) {
      let answer;
      try {
        answer = await this.send(call, params, body, { ...options, key });
      } catch (error) {
        if (error instanceof Refused || options.signal?.aborted || attempt >= this.retries) throw error;
      }
      if (answer?.ok) return call.raw ? answer : answer.status === 204 ? {} : await answer.json();
      if (answer && !(PASSING.has(answer.status) && attempt < this.retries)) throw new Refused(await problem(answer));
      await answer?.body?.cancel();
      await wait(pause(answer, attempt), options.signal);
    }
  }

  async *stream(call, params, options = {}) {
    let cursor = params.cursor;
    for (let attempt = 0; ; attempt++) {
      let answer;
      try {
        answer = await this.send(call, { ...params, cursor }, undefined, { ...options, accept: "text/event-stream" });
        if (answer.ok) {
          for await (const event of events(answer.body)) {
            if (event.id) cursor = event.id;
            if (event.name === "problem") throw new Refused(JSON.parse(event.data));
            if (event.name === "end" && !call.resumes) return;
            if (event.name === "message") {
              attempt = 0;
              yield JSON.parse(event.data);
            }
          }
          if (!call.resumes) return;
        }
      } catch (error) {
        const passing = error instanceof Refused ? PASSING.has(error.status) || error.reason === "token_expired" : true;
        if (options.signal?.aborted || !passing || !call.resumes) throw error;
      }
      if (answer && !answer.ok && !PASSING.has(answer.status)) throw new Refused(await problem(answer));
      await wait(pause(answer, attempt), options.signal);
    }
  }

  async send(call, params, body, { signal, key, accept }) {
    const headers = { Accept: accept ?? (call.raw ? "*/*" : "application/json") };
    const token = typeof this.token === "function" ? await this.token() : this.token;
    if (token) headers.Authorization = `Bearer ${token}`;
    if (key) headers["Idempotency-Key"] = key;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const answer = await this.fetch(this.baseUrl + address(call, params), {
      method: call.method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: "manual",
      signal,
    });
    // The platform never redirects; where one leads would get ids and words that are meant for the platform alone.
    if (answer.type === "opaqueredirect" || (answer.status >= 300 && answer.status < 400)) {
      await answer.body?.cancel();
      throw new Refused({ status: answer.status, reason: "redirected", detail: "baseUrl redirects; give where it leads" });
    }
    return answer;
  }
}

function address(call, params) {
  const path = call.path.replace(/\{(\w+)\}/g, (_, name) => {
    const value = params[name];
    if (value === undefined || value === "") throw new TypeError(`${name} must be given`);
    // Addresses drop such segments, however they are encoded: the call would become another.
    if (/^\.\.?$/.test(value)) throw new TypeError(`${name} must not be . or ..`);
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const name of call.query) {
    for (const value of [params[name]].flat()) {
      if (value !== undefined && value !== null) query.append(name, value instanceof Date ? value.toISOString() : value);
    }
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

async function* parts(body) {
  // Not every browser can iterate over a stream.
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

async function* events(body) {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of parts(body)) {
    rest += decoder.decode(part, { stream: true });
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop();
    for (const block of blocks) {
      const event = { name: "message", id: "", data: "" };
      for (const line of block.split(/\r?\n/)) {
        const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
        if (field === "event") event.name = value;
        if (field === "id") event.id = value;
        if (field === "data") event.data += event.data ? `\n${value}` : value;
      }
      if (event.data || event.name !== "message") yield event;
    }
  }
}
