import { BoardPage } from '../../../board/board-page.tsx'

export default function BoardRoute() {
  return <BoardPage />
}
