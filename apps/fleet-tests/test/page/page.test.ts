import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isSkipped, openPage, unlessInstalled } from './browser.js';
import { inspectView } from './inspect-view.js';
import { canary, PASSWORD, type Stage, startStage } from './start-stage.js';

// One server and one browser for all of them; they run one after the other.
describe.skipIf(isSkipped)(`the page${unlessInstalled}`, { timeout: 120_000 }, () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await startStage('sqlite');
  });
  afterAll(() => stage?.close());

  test('makes the first operator by a link, whose secret does not stay in the address', async () => {
    const { page, complaints } = await openPage(stage.browser, stage.url);
    await page.goto(stage.firstLink);
    await page.getByRole('heading', { name: 'Become the first operator' }).waitFor();
    expect(page.url()).not.toContain('#');
    await inspectView(page, 'invitation');
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('New password').fill('short');
    await page.getByRole('button', { name: 'Become an operator' }).click();
    await page.getByText('Enter at least 12 characters').waitFor();
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Become an operator' }).click();
    await page.getByRole('heading', { name: 'No nodes yet' }).waitFor();
    await inspectView(page, 'nodes-empty');
    await page.getByRole('button', { name: 'Account of ada' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('says why nobody is signed in, and where a link led to afterwards', async () => {
    const { page, complaints } = await openPage(stage.browser, stage.url);
    await page.goto('/nodes?selector=name~x');
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill('a wrong password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await inspectView(page, 'sign-in');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'No node matches' }).waitFor();
    expect(await page.getByRole('combobox').inputValue()).toBe('name~x');
    await page.goto('/invitation#boi_unknown');
    await page.getByRole('heading', { name: 'This link is not valid' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('lists nodes as they are called, live, and finds them by a selector', async () => {
    const node = await stage.enrol(`till-${canary}`, { labels: { site: 'berlin' } });
    await stage.fleet.rename(node.nodeId, `Till ${canary}`);
    for (const number of [1, 2, 3]) await stage.enrol(`gate-${number}`, { labels: { site: 'paris' } });
    const { page, complaints } = await stage.signedIn();
    await page.getByRole('link', { name: `Till ${canary}` }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
    await inspectView(page, 'nodes');
    await page.keyboard.press('/');
    await page.keyboard.type('label.si');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.getByRole('option', { name: 'paris' }).waitFor();
    await inspectView(page, 'nodes-completion');
    await page.keyboard.type('paris');
    await page.keyboard.press('Enter');
    await page.getByText('3 nodes').first().waitFor();
    expect(new URL(page.url()).searchParams.get('selector')).toBe('label.site=paris');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('agent<>');
    await page.keyboard.press('Enter');
    await page.getByText(/^Column \d+:/).waitFor();
    expect(complaints).toEqual([]);
  });

  test('does to many nodes what was asked, once their number is typed', async () => {
    const { page, complaints } = await stage.signedIn();
    await page.goto('/nodes?selector=label.site%3Dparis');
    await page.getByLabel('Select the 3 nodes on this page').check();
    await page.getByRole('button', { name: 'Change labels…' }).first().click();
    await page.getByRole('textbox', { name: 'Labels' }).fill('checked=yes');
    const confirm = page.getByRole('button', { name: 'Change labels: 3 nodes' });
    expect(await confirm.getAttribute('aria-disabled')).toBe('true');
    await page.getByLabel('Type the number of nodes to confirm').fill('3');
    await inspectView(page, 'nodes-bulk');
    await confirm.click();
    await page.getByText('3 done, 0 failed, 0 skipped').waitFor();
    await inspectView(page, 'nodes-progress');
    expect((await stage.fleet.countNodes({ selector: 'label.checked=yes' })).count).toBe(3);
    await page.getByRole('button', { name: 'Save view…' }).click();
    await page.getByLabel('Name').fill('Paris');
    await page.getByRole('dialog').getByRole('button', { name: 'Save view' }).click();
    await page.getByRole('link', { name: 'Paris' }).waitFor();
    expect(complaints).toEqual([]);
  });
});
