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
    await page.getByRole('option', { name: 'label.site=' }).waitFor();
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
    await page.getByRole('textbox', { name: 'Name' }).fill('Paris');
    await page.getByRole('dialog').getByRole('button', { name: 'Save view' }).click();
    await page.getByRole('link', { name: 'Paris' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('shows a node and what it does, and sends it a command from the keyboard alone', async () => {
    const node = await stage.enrol('kiosk-7', { labels: { site: 'rome' } });
    await stage.fleet.setNotes(node.nodeId, `Left door ${canary}`);
    const { page, complaints } = await stage.signedIn();
    await page.goto('/nodes?selector=label.site%3Drome');
    await page.getByRole('link', { name: 'kiosk-7' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'kiosk-7' }).waitFor();
    await page.getByText(`Left door ${canary}`).waitFor();
    await page.locator('.curve canvas').first().waitFor();
    await page.keyboard.press('.');
    await page.getByRole('button', { name: 'Identify…' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Identify: kiosk-7' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('cell', { name: 'Blink' }).waitFor();
    const [command] = await stage.fleet.listCommands(node.nodeId);
    const commandId = command?.id ?? '';
    await stage.beat(node, {
      runningCommand: { id: commandId, phase: 'waiting-for-lock', phaseForMs: 1000, reason: canary },
    });
    await page.getByRole('region', { name: 'Running now' }).getByText('Waiting for lock').waitFor();
    await inspectView(page, 'node');
    await stage.beat(node, {
      commandResults: [{ id: commandId, outcome: 'failed', error: { code: 'locked', message: canary } }],
    });
    await page.getByText('Failed', { exact: true }).waitFor();
    await page.getByText('Command blink failed: locked').waitFor();
    await page.getByRole('button', { name: 'Edit labels' }).click();
    await page.getByRole('textbox', { name: 'Labels' }).fill('site=rome floor=2');
    await page.getByRole('button', { name: 'Save labels' }).click();
    await page.getByText('floor=2', { exact: true }).first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
    await page.goto('/nodes/nobody');
    await page.getByRole('alert').getByText('There is no node').waitFor();
    expect(complaints).toEqual([]);
  });

  test('approves a node by its code, from the keyboard alone', async () => {
    const { page, complaints } = await stage.signedIn();
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByRole('heading', { name: 'No node waits for approval' }).waitFor();
    await inspectView(page, 'approvals-empty');
    const node = await stage.enrol(`new-${canary}`, { requiresApproval: true, labels: { site: 'oslo' } });
    await page.getByRole('heading', { name: '1 node waits' }).waitFor();
    const code = (await stage.fleet.getNode(node.nodeId)).record.approvalCode ?? '';
    await page.getByLabel('Code from the device').focus();
    await page.keyboard.type(code.slice(0, 4).toLowerCase());
    await page.getByText('1 with this code').waitFor();
    await inspectView(page, 'approvals');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText(`Approved new-${canary}`).waitFor();
    expect((await stage.fleet.getNode(node.nodeId)).facts.approval).toBe('approved');
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('makes a join token, with the lines for the device, and sees it used', async () => {
    const { page, complaints } = await stage.signedIn();
    await page.goto('/join-tokens');
    await page.getByRole('button', { name: 'Create join token' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill(`Refit ${canary}`);
    await page.getByRole('textbox', { name: 'Labels for its nodes' }).fill('site=altona');
    await inspectView(page, 'join-tokens-new');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const lines = (await page.getByRole('region', { name: 'variables for the device' }).textContent()) ?? '';
    expect(lines).toContain(`BASEOS_CLOUDLY_URL=${stage.url}\n`);
    await inspectView(page, 'join-tokens-made');
    await stage.enrolBy(/BASEOS_JOIN_TOKEN=(\S+)/.exec(lines)?.[1] ?? '');
    await page.getByText('1 device of 1 enrolled.').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('cell', { name: 'Used up' }).first().waitFor();
    await inspectView(page, 'join-tokens');
    expect(complaints).toEqual([]);
  });

  test('tells what happened, and what of it one looks for', async () => {
    const { page, complaints } = await stage.signedIn();
    await page.goto('/audit');
    await page.getByRole('cell', { name: 'operator-joined' }).waitFor();
    await inspectView(page, 'audit');
    await page.getByLabel('What').selectOption({ label: 'Commands' });
    await page.getByText('Command blink failed: locked').waitFor();
    expect(page.url()).toContain('what=commands');
    expect(complaints).toEqual([]);
  });

  test('invites an operator, who sees what they may, and makes and revokes an API token', async () => {
    const { page, complaints } = await stage.signedIn();
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Invite operator…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('ben');
    await page.getByLabel('Role').selectOption('view');
    await page.getByLabel('May see').fill('label.site=paris');
    await page.getByRole('button', { name: 'Make a link' }).click();
    const link = (await page.getByRole('region', { name: 'link' }).textContent()) ?? '';
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('ben invited').waitFor();
    await page.getByRole('button', { name: 'Create token…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('ci');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('region', { name: 'API token' }).getByText('bot_').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await inspectView(page, 'settings');
    await page.getByRole('button', { name: 'Revoke ci' }).click();
    await page.getByRole('button', { name: 'Revoke the token' }).click();
    await page.getByText('Revoked ci').waitFor();

    const ben = await openPage(stage.browser, stage.url);
    await ben.page.goto(link);
    await ben.page.getByLabel('New password').fill(PASSWORD);
    await ben.page.getByRole('button', { name: 'Become an operator' }).click();
    await ben.page.getByText('3 nodes').first().waitFor();
    expect(await ben.page.getByRole('link', { name: 'Join tokens' }).count()).toBe(0);
    expect(await ben.page.getByRole('checkbox', { name: 'Select gate-1' }).count()).toBe(0);
    expect([...complaints, ...ben.complaints]).toEqual([]);
  });
});
