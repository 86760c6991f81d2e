import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Where to put pictures of the views; none are taken without it. */
const shots = process.env['PAGE_SHOTS'];

interface Look {
  width: number;
  theme: 'light' | 'dark';
}

/** Between them, each theme and each width that lays a view out in another way. */
const judged: readonly Look[] = [
  { width: 1440, theme: 'light' },
  { width: 360, theme: 'dark' },
];

const pictured: readonly Look[] = [
  { width: 1440, theme: 'dark' },
  { width: 900, theme: 'light' },
  { width: 360, theme: 'light' },
];

/** Looks at a view in both themes, on a desk and on a phone: everybody can use it, and nothing scrolls sideways. */
export async function inspectView(page: Page, name: string): Promise<void> {
  const found: string[] = [];
  for (const { width, theme } of judged) {
    await wear(page, { width, theme });
    const where = `${name} ${width} ${theme}`;
    found.push(...(await findings(page)).map((each) => `${where}: ${each}`));
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    if (Number(overflow) > 0) found.push(`${where}: scrolls sideways by ${String(overflow)} px`);
  }
  if (shots !== undefined) {
    await mkdir(shots, { recursive: true });
    for (const { width, theme } of [...judged, ...pictured]) {
      await wear(page, { width, theme });
      await page.screenshot({ path: join(shots, `${name}-${width}-${theme}.png`), fullPage: true });
    }
  }
  await wear(page, { width: 1440, theme: 'light' });
  expect(found).toEqual([]);
}

async function wear(page: Page, { width, theme }: Look): Promise<void> {
  await page.setViewportSize({ width, height: width === 360 ? 800 : 900 });
  await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
  // Colours that are on their way to others would be judged.
  await page.evaluate('Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined)))');
}

async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
  );
}
