/** The channels between the kiosk's page and its main process. */
export const KIOSK_CHANNELS = {
  /** page → main, answered: the name of a call and its arguments. */
  call: 'redress:call',
  /** page → main: begin to push, with a whole snapshot first. */
  subscribe: 'redress:subscribe',
  /** main → page: a push of the contract. */
  push: 'redress:push',
  /** main → page: the terminal is there, although nothing happens. */
  heartbeat: 'redress:heartbeat',
} as const;
