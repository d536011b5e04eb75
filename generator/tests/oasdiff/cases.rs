//! A case for each rule: two versions of a small description.

/// Two versions.
pub(super) struct Case {
    pub(super) before: String,
    pub(super) after: String,
}

/// Where a schema is used: how rules begin, and the text of [`BASE`] that has the schema `{type: string}`.
const PLACES: [(&str, &str); 6] = [
    ("request-parameter-property-", "opt: {type: string}"),
    ("request-parameter-", "schema: {type: string}"),
    ("request-property-", "given: {type: string}"),
    ("response-property-", "sent: {type: string}"),
    ("request-body-", "BODY"),
    ("response-body-", "RESPONSE"),
];

const BASE: &str = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
security: [{key: []}]
paths:
  /pets/{id}:
    get:
      operationId: retrievePet
      tags: [Pets]
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: tag, in: query, schema: {type: string}}
        - {name: X-Options, in: header, schema: {type: object, properties: {head: {type: string}}}}
        - {name: filter, in: query, style: deepObject, explode: true, schema: {type: object, properties: {opt: {type: string}}}}
      responses:
        '200':
          description: The pet.
          headers:
            X-Total: {required: true, schema: {type: integer}}
            X-Page: {schema: {type: integer}}
          content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}, sent: {type: string}, color: {type: string, enum: [red, blue]}}}}}
        '404': {description: None.}
    delete:
      operationId: removePet
      tags: [Pets]
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'204': {description: Done.}}
  /pets:
    post:
      operationId: createPet
      tags: [Pets]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}, given: {type: string}}}}}}
      responses: {'204': {description: Done.}}
  /whole:
    put:
      operationId: putWhole
      tags: [Pets]
      requestBody: {required: true, content: {application/json: {schema: {type: string}}}}
      responses: {'200': {description: It., content: {application/json: {schema: {type: string}}}}}
webhooks:
  born: {post: {operationId: born, requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}, responses: {'204': {description: Done.}}}}
components:
  schemas:
    A: {type: object, required: [kind], properties: {kind: {type: string}, a: {type: string}}}
    B: {type: object, required: [kind], properties: {kind: {type: string}, b: {type: integer}}}
    C: {type: object, required: [kind], properties: {kind: {type: string}, c: {type: boolean}}}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    token: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://pets.example/token', scopes: {read: Reads.}}}}
";

/// Two schemas of a place, by the end of the rule. Rules that end in the opposite are the same case, the other way round.
const SCHEMAS: &[(&str, &str, &str)] = &[
    (
        "all-of-added",
        "{allOf: [{$ref: '#/components/schemas/A'}]}",
        "{allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
    ),
    (
        "any-of-added",
        "{anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
        "{anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]}",
    ),
    (
        "one-of-added",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]}",
    ),
    (
        "wrapped-in-one-of",
        "{$ref: '#/components/schemas/A'}",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
    ),
    (
        "all-of-added-annotation-only",
        "{allOf: [{$ref: '#/components/schemas/A'}]}",
        "{allOf: [{$ref: '#/components/schemas/A'}, {description: More.}]}",
    ),
    (
        "became-enum",
        "{type: string}",
        "{type: string, enum: [a, b]}",
    ),
    (
        "enum-value-added",
        "{type: string, enum: [a, b]}",
        "{type: string, enum: [a, b, c]}",
    ),
    (
        "became-nullable",
        "{type: string}",
        "{type: [string, 'null']}",
    ),
    ("const-added", "{type: string}", "{type: string, const: a}"),
    (
        "const-changed",
        "{type: string, const: a}",
        "{type: string, const: b}",
    ),
    (
        "default-value-added",
        "{type: string}",
        "{type: string, default: a}",
    ),
    (
        "default-value-changed",
        "{type: string, default: a}",
        "{type: string, default: b}",
    ),
    (
        "deprecated",
        "{type: string}",
        "{type: string, deprecated: true}",
    ),
    (
        "discriminator-added",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind}}",
    ),
    (
        "discriminator-mapping-added",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind, mapping: {a: '#/components/schemas/A'}}}",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind, mapping: {a: '#/components/schemas/A', b: '#/components/schemas/B'}}}",
    ),
    (
        "discriminator-mapping-changed",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind, mapping: {a: '#/components/schemas/A', b: '#/components/schemas/B'}}}",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind, mapping: {b: '#/components/schemas/A', a: '#/components/schemas/B'}}}",
    ),
    (
        "discriminator-property-name-changed",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind}}",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: sort}}",
    ),
    (
        "exclusive-max-set",
        "{type: integer}",
        "{type: integer, exclusiveMaximum: 10}",
    ),
    (
        "exclusive-max-increased",
        "{type: integer, exclusiveMaximum: 10}",
        "{type: integer, exclusiveMaximum: 20}",
    ),
    (
        "exclusive-min-set",
        "{type: integer}",
        "{type: integer, exclusiveMinimum: 10}",
    ),
    (
        "exclusive-min-increased",
        "{type: integer, exclusiveMinimum: 10}",
        "{type: integer, exclusiveMinimum: 20}",
    ),
    ("max-set", "{type: integer}", "{type: integer, maximum: 10}"),
    (
        "max-increased",
        "{type: integer, maximum: 10}",
        "{type: integer, maximum: 20}",
    ),
    ("min-set", "{type: integer}", "{type: integer, minimum: 10}"),
    (
        "min-increased",
        "{type: integer, minimum: 10}",
        "{type: integer, minimum: 20}",
    ),
    (
        "max-length-set",
        "{type: string}",
        "{type: string, maxLength: 10}",
    ),
    (
        "max-length-increased",
        "{type: string, maxLength: 10}",
        "{type: string, maxLength: 20}",
    ),
    (
        "max-length-unset",
        "{type: string, maxLength: 10}",
        "{type: string}",
    ),
    (
        "min-length-increased",
        "{type: string, minLength: 1}",
        "{type: string, minLength: 2}",
    ),
    (
        "max-items-increased",
        "{type: array, items: {type: string}, maxItems: 1}",
        "{type: array, items: {type: string}, maxItems: 2}",
    ),
    (
        "min-items-set",
        "{type: array, items: {type: string}}",
        "{type: array, items: {type: string}, minItems: 2}",
    ),
    (
        "min-items-unset",
        "{type: array, items: {type: string}, minItems: 2}",
        "{type: array, items: {type: string}}",
    ),
    (
        "min-items-increased",
        "{type: array, items: {type: string}, minItems: 1}",
        "{type: array, items: {type: string}, minItems: 2}",
    ),
    (
        "pattern-added",
        "{type: string}",
        "{type: string, pattern: '^a'}",
    ),
    (
        "pattern-changed",
        "{type: string, pattern: '^a'}",
        "{type: string, pattern: '^b'}",
    ),
    (
        "pattern-generalized",
        "{type: string, pattern: '^a'}",
        "{type: string, pattern: '.*'}",
    ),
    (
        "list-of-types-widened",
        "{type: [string, integer]}",
        "{type: [string, integer, boolean]}",
    ),
    ("type-changed", "{type: string}", "{type: integer}"),
    ("type-generalized", "{type: integer}", "{type: number}"),
    (
        "type-compatible",
        "{type: integer, format: int32}",
        "{type: integer, format: int64}",
    ),
    (
        "contains-added",
        "{type: array, items: {type: string}}",
        "{type: array, items: {type: string}, contains: {const: a}}",
    ),
    (
        "max-contains-increased",
        "{type: array, items: {type: string}, contains: {const: a}, maxContains: 1}",
        "{type: array, items: {type: string}, contains: {const: a}, maxContains: 2}",
    ),
    (
        "min-contains-increased",
        "{type: array, items: {type: string}, contains: {const: a}, minContains: 1}",
        "{type: array, items: {type: string}, contains: {const: a}, minContains: 2}",
    ),
    (
        "content-encoding-changed",
        "{type: string}",
        "{type: string, contentEncoding: base64}",
    ),
    (
        "content-media-type-changed",
        "{type: string, contentMediaType: text/plain}",
        "{type: string, contentMediaType: text/html}",
    ),
    (
        "content-schema-added",
        "{type: string, contentMediaType: application/json}",
        "{type: string, contentMediaType: application/json, contentSchema: {type: object}}",
    ),
    (
        "dependent-required-added",
        "{type: object, properties: {a: {type: string}, b: {type: string}}}",
        "{type: object, properties: {a: {type: string}, b: {type: string}}, dependentRequired: {a: [b]}}",
    ),
    (
        "dependent-required-changed",
        "{type: object, properties: {a: {type: string}, b: {type: string}}, dependentRequired: {a: [b]}}",
        "{type: object, properties: {a: {type: string}, b: {type: string}}, dependentRequired: {b: [a]}}",
    ),
    (
        "dependent-schema-added",
        "{type: object, properties: {a: {type: string}}}",
        "{type: object, properties: {a: {type: string}}, dependentSchemas: {a: {required: [b]}}}",
    ),
    (
        "if-added",
        "{type: object, properties: {a: {type: string}}}",
        "{type: object, properties: {a: {type: string}}, if: {required: [a]}}",
    ),
    (
        "then-added",
        "{type: object, properties: {a: {type: string}}, if: {required: [a]}}",
        "{type: object, properties: {a: {type: string}}, if: {required: [a]}, then: {required: [b]}}",
    ),
    (
        "else-added",
        "{type: object, properties: {a: {type: string}}, if: {required: [a]}}",
        "{type: object, properties: {a: {type: string}}, if: {required: [a]}, else: {required: [b]}}",
    ),
    (
        "pattern-property-added",
        "{type: object, properties: {a: {type: string}}}",
        "{type: object, properties: {a: {type: string}}, patternProperties: {'^x': {type: integer}}}",
    ),
    (
        "prefix-items-added",
        "{type: array, items: {type: string}}",
        "{type: array, items: {type: string}, prefixItems: [{type: integer}]}",
    ),
    (
        "property-names-added",
        "{type: object, properties: {a: {type: string}}}",
        "{type: object, properties: {a: {type: string}}, propertyNames: {pattern: '^a'}}",
    ),
    (
        "unevaluated-items-added",
        "{type: array, items: {type: string}}",
        "{type: array, items: {type: string}, unevaluatedItems: false}",
    ),
    (
        "unevaluated-properties-added",
        "{type: object, properties: {a: {type: string}}}",
        "{type: object, properties: {a: {type: string}}, unevaluatedProperties: false}",
    ),
];

/// The opposites of what rules end in.
const OPPOSITES: &[(&str, &str)] = &[
    (
        "all-of-removed-annotation-only",
        "all-of-added-annotation-only",
    ),
    ("became-not-nullable", "became-nullable"),
    (
        "discriminator-mapping-deleted",
        "discriminator-mapping-added",
    ),
    ("list-of-types-narrowed", "list-of-types-widened"),
    ("reactivated", "deprecated"),
    ("type-specialized", "type-generalized"),
    ("-decreased", "-increased"),
    ("-removed", "-added"),
];

/// Cases of their own: a text of the base, and what replaces it.
const OTHERS: &[(&str, &str, &str)] = &[
    (
        "api-global-security-added",
        "security: [{key: []}]",
        "security: [{key: []}, {token: [read]}]",
    ),
    (
        "api-global-security-scope-added",
        "security: [{key: []}]",
        "security: [{token: [read]}] # added",
    ),
    (
        "api-security-added",
        "      operationId: removePet",
        "      security: [{key: []}, {token: [read]}]\n      operationId: removePet",
    ),
    (
        "api-security-scope-added",
        "      operationId: removePet",
        "      security: [{token: [read]}]\n      operationId: removePet",
    ),
    (
        "api-security-component-added",
        "  securitySchemes:",
        "  securitySchemes:\n    other: {type: http, scheme: basic}",
    ),
    (
        "api-security-component-type-changed",
        "key: {type: apiKey, in: header, name: X-Key}",
        "key: {type: http, scheme: basic}",
    ),
    (
        "api-security-component-oauth-scope-added",
        "scopes: {read: Reads.}",
        "scopes: {read: Reads., write: Writes.}",
    ),
    (
        "api-security-component-oauth-scope-changed",
        "scopes: {read: Reads.}",
        "scopes: {read: Reads all.}",
    ),
    (
        "api-security-component-oauth-token-url-changed",
        "pets.example/token",
        "pets.example/other",
    ),
    (
        "api-security-component-oauth-url-changed",
        "{clientCredentials: {tokenUrl",
        "{authorizationCode: {authorizationUrl: 'https://pets.example/new', tokenUrl",
    ),
    (
        "api-schema-removed",
        "    C: {type: object, required: [kind], properties: {kind: {type: string}, c: {type: boolean}}}\n",
        "",
    ),
    (
        "api-operation-id-added",
        "      operationId: removePet\n",
        "",
    ),
    (
        "api-operation-id-removed",
        "      operationId: removePet\n",
        "",
    ),
    (
        "api-tag-added",
        "      operationId: removePet\n      tags: [Pets]",
        "      operationId: removePet\n      tags: [Pets, Other]",
    ),
    (
        "api-tag-removed",
        "      operationId: removePet\n      tags: [Pets]",
        "      operationId: removePet\n      tags: [Other]",
    ),
    (
        "api-path-removed-without-deprecation",
        "  /whole:\n    put:\n      operationId: putWhole",
        "  /part:\n    put:\n      operationId: replacePart",
    ),
    (
        "api-path-removed-with-deprecation",
        "  /whole:\n    put:\n      operationId: putWhole",
        "  /part:\n    put:\n      operationId: replacePart",
    ),
    (
        "api-removed-without-deprecation",
        "    delete:\n      operationId: removePet",
        "    head:\n      operationId: lookAtPet",
    ),
    (
        "api-removed-with-deprecation",
        "    delete:\n      operationId: removePet",
        "    head:\n      operationId: lookAtPet",
    ),
    (
        "endpoint-added",
        "    delete:\n      operationId: removePet",
        "    head:\n      operationId: lookAtPet",
    ),
    (
        "endpoint-deprecated",
        "      operationId: removePet",
        "      deprecated: true\n      operationId: removePet",
    ),
    (
        "new-optional-request-default-parameter-to-existing-path",
        "{name: tag,",
        "{name: other, in: query, schema: {type: string, default: a}}\n        - {name: tag,",
    ),
    (
        "new-required-request-default-parameter-to-existing-path",
        "{name: tag,",
        "{name: other, in: query, required: true, schema: {type: string, default: a}}\n        - {name: tag,",
    ),
    (
        "new-optional-request-parameter",
        "{name: tag,",
        "{name: other, in: query, schema: {type: string}}\n        - {name: tag,",
    ),
    (
        "new-required-request-parameter",
        "{name: tag,",
        "{name: other, in: query, required: true, schema: {type: string}}\n        - {name: tag,",
    ),
    (
        "new-request-path-parameter",
        "  /pets/{id}:\n",
        "  /pets/{id}/{part}:\n    parameters: [{name: part, in: path, required: true, schema: {type: string}}]\n",
    ),
    (
        "new-required-request-header-property",
        "{type: object, properties: {head: {type: string}}}",
        "{type: object, required: [new], properties: {new: {type: string}, head: {type: string}}}",
    ),
    (
        "request-header-property-became-required",
        "{type: object, properties: {head: {type: string}}}",
        "{type: object, required: [head], properties: {head: {type: string}}}",
    ),
    (
        "request-header-property-became-enum",
        "{head: {type: string}}",
        "{head: {type: string, enum: [a]}}",
    ),
    (
        "response-optional-write-only-property-added",
        "sent: {type: string}",
        "sent: {type: string}, other: {type: string, writeOnly: true}",
    ),
    (
        "response-required-write-only-property-added",
        "required: [id], properties: {",
        "required: [id, other], properties: {other: {type: string, writeOnly: true}, ",
    ),
    (
        "new-optional-request-property",
        "given: {type: string}",
        "given: {type: string}, other: {type: string}",
    ),
    (
        "new-required-request-property",
        "required: [name], properties: {name: {type: string}, given",
        "required: [name, other], properties: {other: {type: string}, name: {type: string}, given",
    ),
    (
        "new-required-request-property-with-default",
        "required: [name], properties: {name: {type: string}, given",
        "required: [name, other], properties: {other: {type: string, default: a}, name: {type: string}, given",
    ),
    (
        "request-parameter-removed",
        "        - {name: tag, in: query, schema: {type: string}}\n",
        "",
    ),
    (
        "request-parameter-removed-with-deprecation",
        "        - {name: tag, in: query, schema: {type: string}}\n",
        "",
    ),
    (
        "request-parameter-became-required",
        "{name: tag, in: query,",
        "{name: tag, in: query, required: true,",
    ),
    (
        "request-parameter-deprecated",
        "{name: tag, in: query,",
        "{name: tag, in: query, deprecated: true,",
    ),
    (
        "request-property-became-required",
        "required: [name], properties: {name: {type: string}, given",
        "required: [name, given], properties: {name: {type: string}, given",
    ),
    (
        "request-property-became-required-with-default",
        "required: [name], properties: {name: {type: string}, given: {type: string}",
        "required: [name, given], properties: {name: {type: string}, given: {type: string, default: a}",
    ),
    ("request-property-removed", ", given: {type: string}", ""),
    (
        "request-body-added-required",
        "      requestBody: {required: true, content: {application/json: {schema: {type: string}}}}\n",
        "",
    ),
    (
        "request-body-added-optional",
        "      requestBody: {required: true, content: {application/json: {schema: {type: string}}}}\n",
        "",
    ),
    (
        "request-body-became-required",
        "      requestBody: {required: true, content: {application/json: {schema: {type: string}}}}\n",
        "      requestBody: {content: {application/json: {schema: {type: string}}}}\n",
    ),
    (
        "request-body-removed",
        "      requestBody: {required: true, content: {application/json: {schema: {type: string}}}}\n",
        "",
    ),
    (
        "request-body-media-type-added",
        "requestBody: {required: true, content: {application/json: {schema: {type: string}}}}",
        "requestBody: {required: true, content: {application/json: {schema: {type: string}}, text/plain: {schema: {type: string}}}}",
    ),
    (
        "request-body-media-type-schema-added",
        "requestBody: {required: true, content: {application/json: {schema: {type: string}}}}",
        "requestBody: {required: true, content: {application/json: {}}}",
    ),
    (
        "response-body-media-type-schema-added",
        "description: It., content: {application/json: {schema: {type: string}}}",
        "description: It., content: {application/json: {}}",
    ),
    (
        "response-media-type-added",
        "description: It., content: {application/json: {schema: {type: string}}}",
        "description: It., content: {application/json: {schema: {type: string}}, text/plain: {schema: {type: string}}}",
    ),
    (
        "response-media-type-name-changed",
        "description: It., content: {application/json:",
        "description: It., content: {text/plain:",
    ),
    (
        "response-media-type-name-generalized",
        "description: It., content: {application/json:",
        "description: It., content: {application/*:",
    ),
    (
        "response-mediatype-enum-value-removed",
        "description: It., content: {application/json: {schema: {type: string}}}",
        "description: It., content: {application/json: {schema: {type: string, enum: [a]}}}",
    ),
    (
        "response-non-success-status-added",
        "        '404': {description: None.}\n",
        "        '404': {description: None.}\n        '403': {description: No.}\n",
    ),
    (
        "response-success-status-added",
        "        '404': {description: None.}\n",
        "        '404': {description: None.}\n        '202': {description: Later.}\n",
    ),
    (
        "response-optional-property-added",
        "sent: {type: string}",
        "sent: {type: string}, other: {type: string}",
    ),
    (
        "response-required-property-added",
        "required: [id], properties: {",
        "required: [id, other], properties: {other: {type: string}, ",
    ),
    (
        "response-property-became-required",
        "required: [id], properties: {id: {type: integer}, sent",
        "required: [id, sent], properties: {id: {type: integer}, sent",
    ),
    (
        "response-header-added",
        "            X-Page: {schema: {type: integer}}\n",
        "            X-Page: {schema: {type: integer}}\n            X-Other: {schema: {type: string}}\n",
    ),
    (
        "optional-response-header-removed",
        "            X-Page: {schema: {type: integer}}\n",
        "",
    ),
    (
        "required-response-header-removed",
        "            X-Total: {required: true, schema: {type: integer}}\n",
        "",
    ),
    (
        "response-header-became-optional",
        "X-Total: {required: true, schema",
        "X-Total: {schema",
    ),
    (
        "response-header-became-nullable",
        "X-Page: {schema: {type: integer}}",
        "X-Page: {schema: {type: [integer, 'null']}}",
    ),
    (
        "response-header-type-changed",
        "X-Page: {schema: {type: integer}}",
        "X-Page: {schema: {type: boolean}}",
    ),
    (
        "response-header-type-generalized",
        "X-Page: {schema: {type: integer}}",
        "X-Page: {schema: {type: number}}",
    ),
    (
        "response-header-type-compatible",
        "X-Page: {schema: {type: integer}}",
        "X-Page: {schema: {type: integer, format: int64}}",
    ),
    (
        "response-optional-property-became-read-only",
        "sent: {type: string}",
        "sent: {type: string, readOnly: true}",
    ),
    (
        "response-optional-property-became-write-only",
        "sent: {type: string}",
        "sent: {type: string, writeOnly: true}",
    ),
    (
        "response-required-property-became-read-only",
        "properties: {id: {type: integer}",
        "properties: {id: {type: integer, readOnly: true}",
    ),
    (
        "response-required-property-became-write-only",
        "properties: {id: {type: integer}",
        "properties: {id: {type: integer, writeOnly: true}",
    ),
    (
        "request-optional-property-became-read-only",
        "given: {type: string}",
        "given: {type: string, readOnly: true}",
    ),
    (
        "request-optional-property-became-write-only",
        "given: {type: string}",
        "given: {type: string, writeOnly: true}",
    ),
    (
        "request-required-property-became-read-only",
        "properties: {name: {type: string}, given",
        "properties: {name: {type: string, readOnly: true}, given",
    ),
    (
        "request-required-property-became-write-only",
        "properties: {name: {type: string}, given",
        "properties: {name: {type: string, writeOnly: true}, given",
    ),
    (
        "webhook-added",
        "  born: {post: {operationId: born,",
        "  other: {post: {operationId: other, responses: {'204': {description: Done.}}}}\n  born: {post: {operationId: born,",
    ),
];

/// Rules of which the later version is the base.
const BACKWARDS: &[&str] = &[
    "api-operation-id-added",
    "request-body-added-required",
    "request-body-became-required",
    "request-body-media-type-schema-added",
    "response-body-media-type-schema-added",
];

/// Rules that are the opposite of another one with a case of its own.
const OTHER_OPPOSITES: &[(&str, &str)] = &[
    ("became-optional", "became-required"),
    ("became-not-read-only", "became-read-only"),
    ("became-not-write-only", "became-write-only"),
    ("became-not-nullable", "became-nullable"),
    ("endpoint-reactivated", "endpoint-deprecated"),
    ("parameter-reactivated", "parameter-deprecated"),
    ("name-specialized", "name-generalized"),
    ("type-specialized", "type-generalized"),
    ("-removed", "-added"),
];

/// Why rules are not compared: a part of their names, and the reason.
pub(super) const NOT_COMPARED: &[(&str, &str)] = &[
    ("-comment", "the text of another rule"),
    (
        "sunset",
        "a date in an extension, which no description here has",
    ),
    ("stability", "an extension, which no description here has"),
    (
        "x-extensible-enum",
        "an extension; all enums of responses are open here",
    ),
    ("api-version-", VERSION),
    ("api-major-version-", VERSION),
    (
        "api-tag-added",
        "an operation is in the group of its first tag",
    ),
    ("contains", NO_SUCH_CHECK),
    ("content-schema", NO_SUCH_CHECK),
    ("dependent-required", NO_SUCH_CHECK),
    ("dependent-schema", NO_SUCH_CHECK),
    ("-if-", NO_SUCH_CHECK),
    ("-then-", NO_SUCH_CHECK),
    ("-else-", NO_SUCH_CHECK),
    ("property-names", NO_SUCH_CHECK),
    ("unevaluated", NO_SUCH_CHECK),
    (
        "body-default-value",
        "whoever sends no body sends none, whatever its default is",
    ),
    ("request-parameter-became-nullable", NO_NULL),
    ("request-parameter-became-not-nullable", NO_NULL),
    ("header-became-nullable", NO_NULL),
    ("header-became-not-nullable", NO_NULL),
    ("header-type-compatible", "both are `i64`"),
    (
        "request-read-only-property",
        "a read-only property is in no type of a request",
    ),
    (
        "write-only-property",
        "a write-only property is in no type of a response",
    ),
    ("request-optional-property-became-write-only", ONE_DIRECTION),
    (
        "request-optional-property-became-not-write-only",
        ONE_DIRECTION,
    ),
    ("request-required-property-became-write-only", ONE_DIRECTION),
    (
        "request-required-property-became-not-write-only",
        ONE_DIRECTION,
    ),
    ("response-optional-property-became-read-only", ONE_DIRECTION),
    (
        "response-optional-property-became-not-read-only",
        ONE_DIRECTION,
    ),
    ("response-required-property-became-read-only", ONE_DIRECTION),
    (
        "response-required-property-became-not-read-only",
        ONE_DIRECTION,
    ),
];

const VERSION: &str = "`check --semver` compares the version of the crate with the changes instead";

const NO_SUCH_CHECK: &str = "the crate neither has a type for it nor checks it";

const NO_NULL: &str = "no text of a parameter or header is null";

const ONE_DIRECTION: &str = "the schema is used in this direction alone, so that its types stay";

/// Why a change that breaks callers by its rule does not break those of the crate.
pub(super) const LESS_SEVERE: &[(&str, &str)] = &[
    (
        "request-parameter-default-value-changed",
        "what a caller leaves out is not sent, as before",
    ),
    (
        "request-body-pattern-property-added",
        "a field for what was not described before",
    ),
    (
        "request-property-pattern-property-added",
        "a field for what was not described before",
    ),
    ("response-body-list-of-types-widened", UNION),
    ("response-property-list-of-types-widened", UNION),
    ("response-body-one-of-added", UNION),
    ("response-property-one-of-added", UNION),
    ("response-property-became-nullable", LENIENT),
    ("response-property-became-optional", LENIENT),
    ("response-header-became-optional", LENIENT),
    (
        "content-media-type",
        "the crate documents it, and does not check it",
    ),
    (
        "response-media-type-name",
        "what callers get has the same type as before",
    ),
    ("response-body-max", LENIENT),
    ("response-body-min", LENIENT),
    ("response-property-max", LENIENT),
    ("response-property-min", LENIENT),
    ("response-body-exclusive", LENIENT),
    ("response-property-exclusive", LENIENT),
];

const UNION: &str = "a union has a variant for values that it does not know";

const LENIENT: &str =
    "responses are read whatever their bounds are, and all of their fields may be absent or null";

/// The case of a rule.
pub(super) fn case(rule: &str) -> Option<Case> {
    of_its_own(rule).or_else(|| of_schema(rule))
}

/// The reason for a rule in a list.
pub(super) fn reason(
    list: &'static [(&'static str, &'static str)],
    rule: &str,
) -> Option<&'static str> {
    let is_of = |part: &str| rule.contains(part);
    list.iter()
        .find(|(part, _)| is_of(part))
        .map(|(_, reason)| *reason)
}

fn replaced(rule: &str, text: &str, by: &str) -> Case {
    assert!(BASE.contains(text), "{rule}: {text}");
    Case {
        before: BASE.to_owned(),
        after: BASE.replacen(text, by, 1),
    }
}

impl Case {
    fn reversed(self) -> Self {
        Self {
            before: self.after,
            after: self.before,
        }
    }
}

fn of_its_own(rule: &str) -> Option<Case> {
    let find = |rule: &str| OTHERS.iter().find(|(name, ..)| *name == rule).copied();
    if let Some((name, text, by)) = find(rule) {
        let case = replaced(name, text, by);
        return Some(if BACKWARDS.contains(&rule) {
            case.reversed()
        } else {
            case
        });
    }
    let opposites = OTHER_OPPOSITES.iter().filter_map(|(end, other)| {
        let opposite = format!("{}{other}", rule.strip_suffix(end)?);
        let (name, text, by) = find(&opposite)?;
        let case = replaced(name, text, by);
        Some(if BACKWARDS.contains(&name) {
            case
        } else {
            case.reversed()
        })
    });
    opposites.take(1).next()
}

fn of_schema(rule: &str) -> Option<Case> {
    let (place, text) = PLACES.iter().find(|(place, _)| rule.starts_with(place))?;
    let end = rule.strip_prefix(place)?;
    let find = |end: &str| SCHEMAS.iter().find(|(name, ..)| *name == end).copied();
    let (is_reversed, (_, before, after)) = match find(end) {
        Some(found) => (false, found),
        None => {
            let found = OPPOSITES.iter().find_map(|(suffix, other)| {
                find(&format!("{}{other}", end.strip_suffix(suffix)?))
            })?;
            (true, found)
        }
    };
    let text = match *text {
        "BODY" => {
            "putWhole\n      tags: [Pets]\n      requestBody: {required: true, content: {application/json: {schema: {type: string}"
        }
        "RESPONSE" => "description: It., content: {application/json: {schema: {type: string}",
        text => text,
    };
    assert!(BASE.contains(text), "{text}");
    let with = |schema: &str| BASE.replacen(text, &text.replacen("{type: string}", schema, 1), 1);
    let case = Case {
        before: with(before),
        after: with(after),
    };
    Some(if is_reversed { case.reversed() } else { case })
}
