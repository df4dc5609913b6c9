import type { DeviceView, MaintenanceView } from '../api/types.ts'

/** Whether a window mutes a device: by its own name, its site or its type. */
export const concerns = (
  { scope, of }: Pick<MaintenanceView, 'scope' | 'of'>,
  { device, site, assetType }: Pick<DeviceView, 'device' | 'site' | 'assetType'>,
): boolean => of === { device, site, asset_type: assetType }[scope]
