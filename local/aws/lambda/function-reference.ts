/** A function as a call or a target names it. */
export interface FunctionReference {
  readonly name: string;
  /** Version or alias; absent for the unpublished one. */
  readonly qualifier?: string;
}

/** Reads a name, `name:qualifier`, a partial ARN (`account:function:name`) or a full one. */
export function functionReference(text: string, qualifier?: string): FunctionReference {
  const [name = '', inText] = text.replace(/^.*function:/, '').split(':');
  const version = qualifier ?? inText;
  return version === undefined ? { name } : { name, qualifier: version };
}
