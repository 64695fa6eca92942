// Who commits for a session inside the sandbox.

export interface Identity {
  name: string
  email: string
}

export const slipwayIdentity: Identity = { name: 'Slipway', email: 'slipway@localhost' }
