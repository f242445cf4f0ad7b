// The TypeScript SDK, version 1 or 2 by the first argument. The steps are those of steps.py.
import { createInterface } from 'node:readline';

const PATIENCE = 25_000;
const RETURN = 30_000;
const HEARD = 5_000;
const [version, text] = process.argv.slice(2);
const job = JSON.parse(text);

const sdk =
  version === '1'
    ? {
        ...(await import('@modelcontextprotocol/sdk/client/index.js')),
        ...(await import('@modelcontextprotocol/sdk/client/sse.js')),
        ...(await import('@modelcontextprotocol/sdk/client/streamableHttp.js')),
      }
    : await import('@modelcontextprotocol/client');

const tell = (step, outcome) => console.log(JSON.stringify([step, outcome]));

async function connect() {
  const Transport = job.transport === 'sse' ? sdk.SSEClientTransport : sdk.StreamableHTTPClientTransport;
  const transport = new Transport(new URL(job.url), { requestInit: { headers: job.headers } });
  const mode = job.era === 'modern' ? { pin: '2026-07-28' } : job.era;
  const client = new sdk.Client({ name: 'grid', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(transport);
  return client;
}

async function call(client, name, args, options) {
  const request = { name, arguments: args };
  options = { timeout: PATIENCE, ...options };
  const result = await (version === '1' ? client.callTool(request, undefined, options) : client.callTool(request, options));
  if (result.isError) throw new Error(JSON.stringify(result));
  return result.content.map((part) => part.text).join('');
}

function equal(actual, expected) {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) throw new Error(JSON.stringify(actual));
}

async function echo(client) {
  for (const prefix of job.prefixes) {
    equal(await call(client, `${prefix}echo`, { message: `hello ${prefix}` }), `hello ${prefix}`);
  }
}

async function listing(client) {
  const names = (await client.listTools()).tools.map((tool) => tool.name);
  equal(job.prefixes.filter((prefix) => !names.includes(`${prefix}echo`)), []);
}

async function progress(client) {
  const seen = [];
  const onprogress = (step) => seen.push(step.progress);
  equal(await call(client, `${job.prefixes[0]}wait`, { seconds: 0.6, steps: 3 }, { onprogress }), 'waited');
  // This SDK forgets whom to tell as soon as it reads the answer, but tells a moment after it read the step: what arrives
  // with the answer may be lost. What came before it may not.
  equal(seen, [1, 2, 3].slice(0, Math.max(1, seen.length)));
}

async function cancellation(client) {
  const count = () => call(client, `${job.prefixes[0]}cancelled_count`, {});
  const before = await count();
  const abort = new AbortController();
  const options = { onprogress: () => abort.abort('enough'), signal: abort.signal };
  await call(client, `${job.prefixes[0]}wait`, { seconds: 60, steps: 600 }, options).then(
    () => Promise.reject(new Error('it was not cancelled')),
    () => undefined,
  );
  if (!abort.signal.aborted) throw new Error('it never began');
  for (const end = Date.now() + HEARD; (await count()) === before; ) {
    if (Date.now() > end) throw new Error('the server did not hear of it');
    await new Promise((resume) => setTimeout(resume, 50));
  }
}

// Calls over the connection that there was before the restart.
async function comeBack(client) {
  const end = Date.now() + RETURN;
  for (let outcome = 'works'; ; outcome = 'later') {
    try {
      await within(echo(client));
      return outcome;
    } catch (error) {
      if (Date.now() > end) throw error;
      if (outcome === 'works') console.error('the first call after the restart:', String(error).slice(0, 400));
      await new Promise((resume) => setTimeout(resume, 250));
    }
  }
}

async function within(work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('it took too long')), PATIENCE);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const line = new Promise((resolve) => createInterface({ input: process.stdin }).once('line', resolve));
let client;
try {
  client = await connect();
  for (const [name, step] of Object.entries({ list: listing, call: echo, progress, cancel: cancellation })) {
    await within(step(client)).then(
      () => tell(name, 'works'),
      (error) => tell(name, String(error).slice(0, 400)),
    );
  }
} catch (error) {
  tell('connect', String(error).slice(0, 400));
  process.exit(1);
}
tell('ready', '');
await line;
try {
  tell('restart', await comeBack(client));
} catch (error) {
  console.error('the connection broke:', error);
  await within(connect().then(echo)).then(
    () => tell('restart', 'anew'),
    (failure) => tell('restart', String(failure).slice(0, 400)),
  );
}
process.exit(0);
