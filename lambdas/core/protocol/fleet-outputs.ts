/**
 * Outputs by which a stack tells of a fleet. Their names in CloudFormation end so, after a prefix
 * that is the same for all outputs of a fleet.
 */
export const fleetOutputs = [
  'FleetName',
  'ScalerFunctionName',
  'ReaderFunctionName',
  'RegistrarFunctionName',
  'CollectorFunctionName',
  'PrepareDocumentName',
  'SyncDocumentName',
  'BridgeDocumentName',
  'LaunchTemplateId',
  'BakeTemplateId',
  'PrepareCommand',
  'StatusCommand',
] as const;
export type FleetOutput = (typeof fleetOutputs)[number];
