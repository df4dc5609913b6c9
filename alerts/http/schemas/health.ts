import { z } from 'zod'
import { list } from './common.ts'

export const healthCheck = z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })
export type HealthCheck = z.infer<typeof healthCheck>

export const health = z.object({ ready: z.boolean(), checks: list(healthCheck) }).meta({ id: 'Health' })
export type Health = z.infer<typeof health>

export const alive = z.object({ status: z.literal('ok') })
