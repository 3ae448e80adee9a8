/**
 * Every code that a person can meet, with the one line that opens its page `docs/errors/<CODE>.md`.
 * A code is never renamed or reused. `npm run check` holds this list, the pages and the tests equal.
 */
export const modelErrors = {
  ACTION_RUNS_INVALID: 'An action or transition says what it runs in a form that is not known.',
  ACTOR_CLAIM_INVALID: 'A claim of the actor cannot be what it says.',
  ACTOR_ENTITY_UNKNOWN: 'The actor is of an entity that does not exist, or belongs to a tenant.',
  ACTOR_MISSING: 'Something needs the caller, but the app defines no actor.',
  ACTOR_REACH_INVALID: 'A reach of the actor names relations that do not lead there.',
  ACTOR_VALUE_UNKNOWN: 'A rule uses a value that the actor does not have.',
  APP_EMPTY: 'The app folder holds no entity.',
  APP_NAME_INVALID: 'The name of the app cannot be the prefix of Postgres roles.',
  CHOICE_VALUES_INVALID: 'A choice has no values, or values that cannot be told apart.',
  CONDITION_EMPTY: 'A condition or a list in it is empty.',
  CONDITION_OPERATOR_INVALID: 'A comparison is unknown, or does not fit what it compares.',
  CONDITION_PATH_TO_MANY: 'A condition looks at many rows at once.',
  CONDITION_VALUE_INVALID: 'A value in a condition does not fit the field.',
  DECLARATION_DUPLICATE: 'The same thing is declared twice.',
  DECLARATION_HIDDEN: 'A declaration is not exported from the top level of its file.',
  FIELD_DEFAULT_INVALID: 'The default of a field breaks the checks of the field itself.',
  FIELD_LIMIT_INVALID: 'Limits of a field leave no value, or mean nothing.',
  FIELD_MONEY_INVALID: 'A money field does not say which currency it holds.',
  FIELD_PATTERN_INVALID: 'A pattern is not a regular expression that Postgres and browsers read alike.',
  FILE_IMPORT_FAILED: 'A file of the app throws when it is imported.',
  FILE_SYNTAX_INVALID: 'A file of the app is not TypeScript.',
  KEY_DUPLICATE: 'A key is written twice in one object.',
  KEY_REFUSED: 'A key has a meaning to JavaScript and would be lost.',
  LIFECYCLE_STATE_DUPLICATE: 'A state is listed twice.',
  LIFECYCLE_STATE_UNKNOWN: 'A lifecycle names a state that is not in its list.',
  LIFECYCLE_STATE_UNREACHABLE: 'No transition leads to a state.',
  NAME_CLASH: 'Two names become the same in Postgres or in GraphQL.',
  NAME_INVALID: 'A name has characters that are not allowed there.',
  NAME_RESERVED: 'A name is taken by Rowhouse, GraphQL or Postgres.',
  NAME_TOO_LONG: 'A name does not fit into the 63 bytes of a Postgres identifier.',
  NAME_UNKNOWN: 'A list names a field that the entity does not have.',
  OPTION_INVALID: 'An option has a value that it cannot have.',
  OPTION_UNKNOWN: 'An option does not exist.',
  POLICY_DUPLICATE: 'An entity has two policies.',
  POLICY_EMPTY: 'A policy has no rules.',
  POLICY_ENTITY_UNKNOWN: 'A policy is about an entity that the app does not have.',
  POLICY_MISSING: 'An entity has no policy.',
  POLICY_PATH_UNKNOWN: 'A condition names something that the row does not have.',
  RELATION_BY_INVALID: 'A relation names a way back that the other entity does not have.',
  RELATION_DEFAULT_INVALID: 'A relation defaults to the caller but leads elsewhere.',
  RELATION_SET_NULL_REQUIRED: 'A required relation cannot be emptied when its target is deleted.',
  RELATION_TARGET_UNKNOWN: 'A relation leads to an entity that does not exist.',
  RELATION_TENANT_CROSSED: 'Rows without a tenant cannot refer to rows of one.',
  RELATION_THROUGH_INVALID: 'A relation through another entity does not say one way there and back.',
  ROLE_INCLUDES_INVALID: 'A role includes one that does not exist, or itself.',
  RULE_AUDIENCE_INVALID: 'A rule does not say for whom it is, or denies to single roles.',
  RULE_BECOMING_MISPLACED: 'A rule says `becoming` but does not allow updates.',
  RULE_CREATE_IMPOSSIBLE: 'A rule allows rows to be made but not the fields that they need.',
  RULE_DUPLICATE: 'Two rules of an entity say the same.',
  RULE_EXPRESSION_REFUSED: 'A rule holds something other than plain data.',
  RULE_FIELDS_MISPLACED: 'A rule is narrowed to fields where that cannot hold.',
  RULE_FIELDS_UNKNOWN: 'A rule is narrowed to a field that the entity does not have.',
  RULE_KEY_UNKNOWN: 'A rule has a key that rules do not have.',
  RULE_READ_FIELDS_UNSUPPORTED: 'Reading cannot be narrowed to fields yet.',
  RULE_ROLE_UNKNOWN: 'A rule names a role that the app does not have.',
  RULE_SPREAD_OVERWRITES: 'A spread inside of a rule overwrites a key.',
  RULE_UNLESS_MISPLACED: 'An allowing rule says `unless`.',
  RULE_VERB_UNKNOWN: 'A rule names a verb that the entity does not have.',
  TEXT_INVALID: 'A note, label or title is empty or holds a NUL character.',
  UNIQUE_DUPLICATE: 'The same uniqueness or index is declared twice.',
  VERB_CLASH: 'A transition or action is called like another verb.',
} as const satisfies Record<string, string>

/** Mistakes of whoever runs the server: environment, ports, databases. */
export const operatorErrors = {
  APP_FOLDER_MISSING: 'The folder that was named is no app.',
  CONFIG_INVALID: 'A setting is missing or wrong.',
  CONFIG_UNREADABLE: 'The configuration file of the app cannot be run.',
  PERSON_UNKNOWN: 'The configuration names no such person.',
  PORT_IN_USE: 'Something else listens on the port already.',
  RECREATE_NEEDED: 'The model changed in more than additions, and the database cannot follow by itself yet.',
  SEED_INVALID: 'The seed does not fit the model, or the database refuses a row of it.',
} as const satisfies Record<string, string>

/** What a caller of the API can be told. The list is closed. */
export const requestErrors = {
  UNAUTHENTICATED: 'The request carries no valid token.',
  FORBIDDEN: 'No rule allows what was asked.',
  NOT_FOUND: 'There is no such row, or the caller may not know of it.',
  VALIDATION: 'A value is missing or breaks a rule of its field.',
  CONFLICT: 'The change collides with another row.',
  TIMEOUT: 'The request took longer than it may.',
  LIMIT: 'The request is larger than it may be.',
  INTERNAL: 'A mistake of ours; the id in the answer finds it in the log.',
} as const satisfies Record<string, string>

/** Code of an author's mistake. */
export type ModelErrorCode = keyof typeof modelErrors
/** Code of an operator's mistake. */
export type OperatorErrorCode = keyof typeof operatorErrors
/** Code that `extensions.code` of an answer may hold. */
export type RequestErrorCode = keyof typeof requestErrors
