import { expect, test } from 'vitest';

import { createSupervisor } from '../index.js';
import type { Supervisor, SupervisorOptions } from '../index.js';

function start(options: SupervisorOptions = {}): Supervisor {
  return createSupervisor({ page: true, clock: { now: () => Date.UTC(2026, 10, 23, 1, 14, 28) }, ...options });
}

async function page(supervisor: Supervisor): Promise<string> {
  const response = await supervisor.fetch(new Request('http://supervisor/'));
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  return await response.text();
}

test('says what it is and what is running', async () => {
  const supervisor = start({ deviceName: 'Lamp', apps: [{ appId: 7, appName: 'hall', services: ['main', 'side'] }] });
  const html = await page(supervisor);
  expect(html).toContain('<title>Lamp: emulated balena Supervisor</title>');
  expect(html).toContain('This is an emulated balena Supervisor 19.0.5, without a device');
  expect(html).toContain('<h2 id="app-7">hall <small>app 7</small></h2>');
  expect(html).toContain('<th scope="row">main</th><td>Running</td>');
  expect(html).toContain('<time datetime="2026-11-23T01:14:28.000Z">2026-11-23 01:14:28 UTC</time>');
  expect(html).toContain('<p>None yet.</p>');
});

test('shows a lock, an available update, and the latest requests first', async () => {
  const supervisor = start();
  supervisor.lock();
  supervisor.releaseAvailable({ commit: 'next' });
  await supervisor.fetch(new Request('http://supervisor/v2/version'));
  await supervisor.fetch(new Request(`http://supervisor/v1/device?apikey=${supervisor.apiKey}`));
  const html = await page(supervisor);
  expect(html).toContain('The update lock is held by main.');
  expect(html).toContain('Release <code>next</code> is available.');
  expect(html.indexOf('/v1/device')).toBeLessThan(html.indexOf('/v2/version'));
  expect(html).toContain('<td><code>/v2/version</code></td><td>missing or invalid</td>');
});

test('shows an update in progress', async () => {
  let now = 0;
  const supervisor = start({ clock: { now: () => now }, downloadDurationMs: 10_000 });
  supervisor.releaseAvailable({ commit: 'next' });
  await supervisor.fetch(new Request(`http://supervisor/v1/update?apikey=${supervisor.apiKey}`, { method: 'POST' }));
  now += 5200;
  const html = await page(supervisor);
  expect(html).toContain('Updating to <code>next</code>: downloading');
  expect(html).toContain('<progress max="100" value="50" aria-label="Download">50\u00A0%</progress>');
});

test('contains no key, and nothing of a query', async () => {
  const supervisor = start();
  await supervisor.fetch(new Request(`http://supervisor/v1/device?apikey=${supervisor.apiKey}`));
  const html = await page(supervisor);
  expect(html).not.toContain(supervisor.apiKey);
  expect(html).not.toContain(supervisor.globalApiKey);
  expect(html).not.toContain('apikey');
});

test('escapes everything it shows', async () => {
  const evil = `<script>alert("1")</script>&'`;
  const supervisor = start({ deviceName: evil, apps: [{ appId: 7, appName: evil, commit: evil, services: [evil] }] });
  await supervisor.fetch(new Request(`http://supervisor/${encodeURIComponent(evil)}`));
  const html = await page(supervisor);
  expect(html).not.toContain('<script>alert');
  expect(html).toContain('&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;&#39;');
});

test('loads nothing: its policy allows only its own script, style and refresh', async () => {
  const supervisor = start();
  const response = await supervisor.fetch(new Request('http://supervisor/'));
  expect(response.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'; connect-src 'self';/,
  );
  expect(await response.text()).not.toMatch(/\bsrc=|\bhref=|url\(/);
});

test("is not an app's request: it needs no key, is not recorded, and is served despite a fault", async () => {
  const supervisor = start({ fault: 'hang' });
  await page(supervisor);
  expect(supervisor.requests).toEqual([]);
});

test('is served only on request', async () => {
  const supervisor = createSupervisor();
  expect((await supervisor.fetch(new Request('http://supervisor/'))).status).toBe(401);
  const withKey = new Request(`http://supervisor/?apikey=${supervisor.apiKey}`);
  expect(await (await supervisor.fetch(withKey)).text()).toContain('Cannot GET /');
});

test('HEAD has no body, POST no page', async () => {
  const supervisor = start();
  const head = await supervisor.fetch(new Request('http://supervisor/', { method: 'HEAD' }));
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect((await supervisor.fetch(new Request('http://supervisor/', { method: 'POST' }))).status).toBe(401);
});
