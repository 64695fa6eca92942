// Settings → Connections in a browser: to a provider and back, by a token, lost and found again, and away.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OauthDouble, startOauthDouble } from '../doubles/oauth/start-oauth-double.ts'
import { openWeb, type Visit, type Web } from './browser.ts'

let gitlab: OauthDouble
let web: Web
let visit: Visit
beforeAll(async () => {
  gitlab = await startOauthDouble({ provider: 'gitlab' })
  gitlab.person = { id: 3, login: 'ada-lovelace' }
  web = await openWeb(gitlab.environment)
  visit = await web.visit({ as: 'ada@example.org' })
})
afterAll(async () => {
  await web.close()
  await gitlab.close()
})

test('an account is connected by going to the provider, lost, connected anew by a token, and disconnected', async () => {
  const { page, problems } = visit
  await page.goto('/settings#connections')
  await page.getByText('GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET').waitFor()
  await page.getByText(`${web.url}/api/integrations/github/callback`).waitFor()
  await page.getByRole('link', { name: 'Connect GitLab' }).click()
  await page.waitForURL(/connection=made#connections$/)
  await page.getByRole('status').getByText('GitLab is connected.').waitFor()
  await page.getByText('ada-lovelace', { exact: true }).waitFor()
  await page.getByText('granted to Slipway · allows api · not used yet').waitFor()
  // Its picture comes from this server: the visit would note a request to any other.
  const picture = page.locator('img[src^="/api/v1/connections/"]')
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Check ada-lovelace' }).click()
  await page.getByText('GitLab lets in ada-lovelace').waitFor()

  gitlab.grants.revokeAll('ada-lovelace')
  await page.getByRole('button', { name: 'Check ada-lovelace' }).click()
  await page.getByRole('link', { name: 'Reconnect ada-lovelace' }).waitFor()
  await page.getByText(/The permission ran out there, or was revoked/).waitFor()
  gitlab.consents = false
  await page.getByRole('link', { name: 'Reconnect ada-lovelace' }).click()
  await page.getByRole('alert').getByText('It was refused at GitLab. Nothing was connected.').waitFor()

  await page.getByRole('button', { name: 'Use a token for GitLab' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Token').fill('no-such-token-0123456789')
  await dialog.getByRole('button', { name: 'Connect' }).click()
  await dialog.getByText('GitLab does not accept the token').waitFor()
  await dialog.getByLabel('Token').fill(gitlab.grants.give(gitlab.person))
  await dialog.getByRole('button', { name: 'Connect' }).click()
  await page.getByText('GitLab is connected as ada-lovelace').waitFor()
  await page.getByText(/^token · allows api/).waitFor()

  await page.getByRole('button', { name: 'Disconnect ada-lovelace' }).click()
  await dialog.getByRole('button', { name: 'Disconnect' }).click()
  await dialog.getByText(/The token still counts at GitLab: take it back at/).waitFor()
  await dialog.getByRole('button', { name: 'I know' }).click()
  await page.getByRole('link', { name: 'Connect GitLab' }).waitFor()
  // Refusals are answers with a status, which a browser notes; the way to the provider is the person's own click.
  const others = problems.filter(
    (problem) => !/status of 4\d\d/.test(problem) && !problem.startsWith(`request to ${gitlab.url}/gitlab/oauth/authorize`),
  )
  expect(others).toEqual([])
})
