import { useEffect, useRef, useState } from 'react'

/** A pause in typing that counts as having said something. */
const pauseMs = 250

/** A field that follows the keys at once and tells what was typed after a pause; `value` from outside replaces it. */
export function useTyped(value: string, tell: (value: string) => void): [string, (typed: string) => void] {
  const [typed, setTyped] = useState(value)
  const told = useRef(value)
  const newest = useRef(tell)
  useEffect(() => {
    newest.current = tell
  })
  useEffect(() => {
    if (value === told.current) return
    told.current = value
    setTyped(value)
  }, [value])
  useEffect(() => {
    if (typed === told.current) return
    const timer = setTimeout(() => {
      told.current = typed
      newest.current(typed)
    }, pauseMs)
    return () => clearTimeout(timer)
  }, [typed])
  return [typed, setTyped]
}
