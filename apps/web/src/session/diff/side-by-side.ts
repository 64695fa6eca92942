/** Below this width, two versions side by side cannot be read. */
export const SIDE_BY_SIDE_PX = 640
