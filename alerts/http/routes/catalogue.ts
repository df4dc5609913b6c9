import type { AssetType } from '../../../core/catalogue.ts'
import { type App, answers } from '../app.ts'
import type { ServerDeps } from '../deps.ts'
import { type AssetTypeView, catalogueView } from '../schemas/catalogue.ts'

export function catalogueRoutes(app: App, { catalogue }: ServerDeps): void {
  app.get(
    '/api/catalogue',
    {
      schema: {
        tags: ['devices'],
        summary: 'Asset types: channels, window, failure modes with action and cost',
        response: answers(catalogueView),
      },
    },
    async () => ({ assetTypes: [...catalogue.values()].map(viewAssetType) }),
  )
}

const viewAssetType = (type: AssetType): AssetTypeView => ({
  ...type,
  channels: type.channels.map((c) => ({ ...c, normal: c.normal ?? null })),
})
