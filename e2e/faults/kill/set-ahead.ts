// Sets the time of day of this process, as somebody does who sets the clock of the machine. Timers and the monotonic clock go on
// as before, as they do there.

const TrueDate = Date
let aheadMs = 0

/** From now on the time of day is so much later than it is; negative: earlier. */
export function setAhead(ms: number): void {
  aheadMs = ms
  globalThis.Date = SetDate
}

const now = (): number => TrueDate.now() + aheadMs

const SetDate = new Proxy(TrueDate, {
  construct: (target, given: unknown[], newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  apply: () => new TrueDate(now()).toString(),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
})
