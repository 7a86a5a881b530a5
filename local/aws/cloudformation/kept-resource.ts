/** A resource of a stack that the gateway keeps; its properties are resolved. */
export interface KeptResource {
  readonly stackName: string;
  readonly logicalId: string;
  /** What `Ref` gives. */
  readonly physicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Brings kept resources of one type to life. */
export interface Keeper {
  /** Makes the resource, or changes it to what it is now. */
  put(resource: KeptResource): void;
  /** Ends a resource that was put. */
  delete(resource: KeptResource): void;
}
