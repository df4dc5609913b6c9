/** Told what is being done and how far it is. `total` may grow as more is found. */
export type Progress = (step: string, done: number, total: number) => void

export const silent: Progress = () => undefined
