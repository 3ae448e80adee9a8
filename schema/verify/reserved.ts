/** Names that neither a field, a relation, nor an input may have. */
export const reservedFieldNames: ReadonlySet<string> = new Set([
  // Rowhouse makes these.
  ...['id', 'createdAt', 'updatedAt', 'deletedAt', 'tenant', 'tenantId'],
  // GraphQL and PostGraphile speak with these.
  ...['nodeId', 'rowId', 'query', 'clientMutationId', 'and', 'or'],
  // Conditions read these as words.
  ...['anyOf', 'allOf', 'not', 'is', 'isNot', 'in', 'notIn', 'some', 'none', 'every', 'actor', 'request'],
  ...['exactlyOne', 'atLeastOne', 'together'],
  // Columns that every table of Postgres has.
  ...['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'],
  // Every object of JavaScript has these, or is treated otherwise when it has.
  ...['constructor', 'prototype', 'hasOwnProperty', 'isPrototypeOf', 'propertyIsEnumerable'],
  ...['toString', 'toLocaleString', 'valueOf', 'toJSON', 'then'],
])

const scalars = ['String', 'Int', 'Float', 'Boolean', 'BigInt', 'BigFloat', 'UUID', 'Date', 'Time', 'Datetime']

/** Names of GraphQL types that exist anyhow, or that GraphQL or JavaScript may come to need. */
export const reservedTypeNames: ReadonlySet<string> = new Set([
  ...['Query', 'Mutation', 'Subscription', 'Node', 'PageInfo', 'Cursor', 'Tenant'],
  ...['Viewer', 'Can', 'CanQuestion', 'CanAnswer', 'RowIdsInput', 'RowIdsPayload', 'PossibleTransition'],
  ...['TenantScript', 'TenantScripts', 'TenantScriptRun', 'TenantScriptRuns'],
  ...['FailedJob', 'FailedJobs'],
  ...['EditFailedJob', 'ReplayFailedJob', 'ReplayFailedJobs', 'DiscardFailedJob', 'DiscardFailedJobs'].flatMap(
    (name) => [`${name}Input`, `${name}Payload`],
  ),
  ...['Publish', 'Record', 'RollBack', 'Withdraw'].flatMap((verb) => [`${verb}ScriptInput`, `${verb}ScriptPayload`]),
  ...scalars,
  ...scalars.map((scalar) => `${scalar}Filter`),
  ...scalars.flatMap((scalar) => [`${scalar}List`, `${scalar}ListFilter`]),
  ...scalars.map((scalar) => `Having${scalar.charAt(0)}${scalar.slice(1).toLowerCase()}Filter`),
  ...['ID', 'JSON', 'Money', 'Decimal', 'Interval', 'IntervalInput', 'Base64', 'InternetAddress'],
  ...['Point', 'Line', 'LineSegment', 'Box', 'Path', 'Polygon', 'Circle', 'CidrAddress', 'MacAddress', 'MacAddress8'],
  ...['BitString', 'KeyValueHash', 'JSONPath', 'Oid', 'RegProc', 'RegProcedure', 'RegOper', 'RegOperator', 'RegClass'],
  ...['RegType', 'RegRole', 'RegNamespace', 'RegConfig', 'RegDictionary', 'TSQuery', 'TSVector', 'XML'],
  ...['DatePeriod', 'DatetimePeriod'].flatMap((name) => [name, `${name}Input`, `${name}Filter`]),
  ...['Object', 'Function', 'Array', 'Symbol', 'Promise'],
])

/**
 * Ends of the names of roles that every app has. A role "eu_owner" of an app "shop" would be "shop_eu_owner", which owns the
 * tables of an app "shop_eu".
 */
export const reservedRoleEnd =
  /(?:^|_)(?:owner|private|login|member|anonymous|reports|search|queue|jobs|queue_keeper|set_[0-9a-f]{12})$/

/** What rules say for whole groups, and words of Postgres and JavaScript that no role can be called. */
export const reservedRoleNames: ReadonlySet<string> = new Set([
  ...['everyone', 'signed_in', 'anything', 'public', 'none'],
  ...['constructor', 'prototype', 'to_string', 'value_of', 'then'],
])

/** Names that a caller's values cannot have: the actor's own, and claims that every token has a meaning for. */
export const reservedActorNames: ReadonlySet<string> = new Set([
  ...['id', 'of', 'values', 'at', 'role', 'roles', 'tenant', 'tenantId', 'actor'],
  ...['sub', 'iss', 'aud', 'exp', 'nbf', 'iat', 'jti'],
  ...['constructor', 'prototype', 'hasOwnProperty', 'toString', 'valueOf', 'toJSON', 'then'],
])
