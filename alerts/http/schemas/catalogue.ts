import { z } from 'zod'
import { list } from './common.ts'
import { modeAdvice } from './tickets.ts'

export const channelView = z
  .object({
    name: z.string(),
    label: z.string(),
    unit: z.string().describe('UCUM code'),
    role: z.enum(['sensor', 'setting', 'usage']),
    plausible: z.tuple([z.number(), z.number()]),
    normal: z.tuple([z.number(), z.number()]).nullable(),
  })
  .meta({ id: 'Channel' })
export type ChannelView = z.infer<typeof channelView>

export const assetTypeView = z
  .object({
    name: z.string(),
    label: z.string(),
    cadenceMs: z.number(),
    window: z.object({ by: z.enum(['steps', 'grid']), length: z.int(), minimum: z.int() }),
    usage: z.object({ unit: z.string(), perSlot: z.number(), perDay: z.number() }),
    rulCap: z.number(),
    horizon: z.number(),
    channels: list(channelView),
    failureModes: list(modeAdvice),
  })
  .meta({ id: 'AssetType' })
export type AssetTypeView = z.infer<typeof assetTypeView>

export const catalogueView = z.object({ assetTypes: list(assetTypeView) })
export type CatalogueView = z.infer<typeof catalogueView>
