import { SkeletonBar } from '../../states/skeleton.tsx'

/** The shape of the page while its first answer is on the way. */
export function OpeningSession() {
  return (
    <div role="status" className="flex h-full flex-col">
      <span className="sr-only">Opening the session</span>
      <div className="flex h-9 items-center gap-4 border-b border-separator px-4">
        <SkeletonBar className="h-3 w-20" />
        <SkeletonBar className="h-3 w-28" />
        <SkeletonBar className="h-3 w-40" />
      </div>
      <div className="mx-auto w-full max-w-3xl flex-1 space-y-4 px-5 py-6">
        <SkeletonBar className="h-14 w-full rounded-lg" />
        <SkeletonBar className="h-3 w-3/5" />
        <SkeletonBar className="h-3 w-2/5" />
        <SkeletonBar className="h-3 w-1/2" />
      </div>
    </div>
  )
}
