'use client'

export default function GlobalError({ reset }: { reset: () => void }) {
  return (
    <html lang="en-GB">
      <body>
        <main className="p-8">
          <h1 className="font-medium">This page stopped working</h1>
          <p className="mt-1 text-sm">Nothing on the server is lost. Try again, or reload the page.</p>
          <button type="button" className="mt-4 underline" onClick={reset}>
            Try again
          </button>
        </main>
      </body>
    </html>
  )
}
