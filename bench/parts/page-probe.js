// Runs in the page that is measured, before the page's own scripts; `window.probe` answers afterwards.
// Plain JavaScript: nothing compiles it on its way into the browser.

{
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const conversation = () => document.querySelector('[role="log"]')
  const stamps = []
  const inputs = []
  let rowShownAtMs = null

  window.probe = {
    /** Milliseconds from the request for the page to its first text. */
    async firstPaint() {
      for (;;) {
        const paint = performance.getEntriesByName('first-contentful-paint')[0]
        if (paint !== undefined) return paint.startTime
        await frame()
      }
    },

    /** From the moment at which the page's scripts were there until the row of that event could be seen. */
    async opening(seq) {
      while (rowShownAtMs === null) {
        if (isSeen(conversation()?.querySelector(`[data-seq="${seq}"]`))) {
          await frame()
          rowShownAtMs = performance.now()
        } else await frame()
      }
      const entries = performance.getEntriesByType('resource')
      const asked = entries.find(({ name }) => /\/events\?/.test(name))
      const code = entries.filter(({ name, startTime }) => name.endsWith('.js') && startTime < asked.startTime)
      const codeAtMs = Math.max(...code.map(({ responseEnd }) => responseEnd))
      const scripts = entries.filter(({ name, startTime }) => name.endsWith('.js') && startTime < rowShownAtMs)
      const scriptBytes = scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)
      return { codeAtMs, askedAtMs: asked.startTime, answeredAtMs: asked.responseEnd, shownAtMs: rowShownAtMs, scriptBytes }
    },

    /** The least that shows the same events: fetch them, put them on the page as text. */
    async openBare(sessionId, limit) {
      const startedAtMs = performance.now()
      const answer = await fetch(`/api/v1/sessions/${sessionId}/events?before=2147483647&limit=${limit}`)
      const { events } = await answer.json()
      const place = document.createElement('pre')
      place.textContent = events.map((event) => JSON.stringify(event)).join('\n')
      document.body.replaceChildren(place)
      await frame()
      await frame()
      return performance.now() - startedAtMs
    },

    /** Scrolls the conversation until nothing is left to load, or back to its end, for so long at most; says how long each frame took. */
    scrollTo(direction, pixelsPerFrame, mostMs) {
      const element = conversation() ?? document.scrollingElement
      const isLoading = () => element.firstElementChild?.textContent.includes('Loading what came before')
      return new Promise((resolve) => {
        const framesMs = []
        let mostRows = 0
        let lastMs = performance.now()
        const untilMs = lastMs + mostMs
        function step(nowMs) {
          framesMs.push(nowMs - lastMs)
          lastMs = nowMs
          mostRows = Math.max(mostRows, document.querySelectorAll('[data-seq]').length)
          const isOver =
            direction === 'top'
              ? element.scrollTop <= 0 && !isLoading()
              : element.scrollTop + element.clientHeight >= element.scrollHeight - 4
          if (isOver || nowMs > untilMs) return resolve({ framesMs: framesMs.slice(1), mostRows, isOver })
          element.scrollTop += direction === 'top' ? -pixelsPerFrame : pixelsPerFrame
          requestAnimationFrame(step)
        }
        requestAnimationFrame(step)
      })
    },

    /** Fills a bare page with so many lines. */
    fill(lines) {
      const place = document.createElement('pre')
      place.textContent = Array.from({ length: lines }, (_, at) => `A line of text, neither short nor long: ${at}`).join('\n')
      document.body.replaceChildren(place)
    },

    /** Notes when each stamp, `<milliseconds>`, of the text inside can be seen: in the frame after it was put there. */
    watchStamps(selector) {
      const place = document.querySelector(selector)
      let seen = 0
      let isDue = false
      function look() {
        isDue = false
        const nowMs = Date.now()
        const all = [...place.textContent.matchAll(/<(\d{10,}\.\d+)>/g)]
        for (const [, stamp] of all.slice(seen)) stamps.push(nowMs - Number(stamp))
        seen = Math.max(seen, all.length)
      }
      new MutationObserver(() => {
        if (!isDue) requestAnimationFrame(look)
        isDue = true
      }).observe(place, { childList: true, subtree: true, characterData: true })
    },
    stamps: () => stamps,

    /** A page that shows what a session prints as it comes, and does nothing else. */
    followBare(sessionId, channel) {
      document.body.innerHTML = '<textarea aria-label="Message to the agent"></textarea><pre></pre>'
      const place = document.querySelector('pre')
      const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/v1/sessions/${sessionId}/stream?after=0`, 'slipway')
      socket.onmessage = ({ data }) => {
        const { delta } = JSON.parse(data)
        if (delta?.channel === channel) place.append(delta.text)
      }
      return new Promise((resolve, reject) => {
        socket.onopen = () => resolve(undefined)
        socket.onclose = () => reject(new Error('the stream was closed'))
      })
    },
    bareText: () => document.querySelector('pre').textContent,

    /** Notes how long each key takes until the frame that shows it is done. */
    watchKeys() {
      document.addEventListener(
        'keydown',
        ({ timeStamp }) => {
          void frame().then(() => {
            const channel = new MessageChannel()
            channel.port1.onmessage = () => inputs.push(performance.now() - timeStamp)
            channel.port2.postMessage(null)
          })
        },
        { capture: true },
      )
    },
    inputs: () => inputs,

    /** The lines that a terminal shows right now, once it has drawn them. */
    async terminalLines() {
      await frame()
      await frame()
      return [...document.querySelectorAll('.xterm-rows > div')].map((row) => row.textContent)
    },
  }

  function isSeen(element) {
    if (element == null || element.textContent === '') return false
    const { top, bottom } = element.getBoundingClientRect()
    return bottom > 0 && top < innerHeight
  }
}
