//! An API made by hand, with one operation of each kind that the client tells apart.

use generator::ir::*;
use indexmap::IndexMap;

/// A name.
fn name(s: &str) -> Name {
    Name::new(s).unwrap()
}
fn docs(d: &str) -> Docs {
    Docs {
        summary: Some(d.into()),
        ..Docs::default()
    }
}
fn parameter(text: &str, location: ParameterLocation, required: bool, ty: Type) -> Parameter {
    let style = match location {
        ParameterLocation::Path | ParameterLocation::Header => ParameterStyle::Simple,
        _ => ParameterStyle::Form,
    };
    Parameter {
        wire_name: text.into(),
        name: name(&text.replace('-', "_").to_lowercase()),
        location,
        style,
        explode: style == ParameterStyle::Form,
        allow_reserved: false,
        required,
        ty,
        default: None,
        docs: docs("A parameter."),
    }
}
fn path(t: &str) -> PathTemplate {
    let mut parts = vec![];
    let mut rest = t;
    while let Some((lit, after)) = rest.split_once('{') {
        parts.push(PathPart::Literal(lit.into()));
        let (name, after) = after.split_once('}').unwrap();
        parts.push(PathPart::Parameter(name.into()));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(PathPart::Literal(rest.into()));
    }
    PathTemplate {
        template: t.into(),
        parts,
    }
}
fn content(media: &str, encoding: BodyEncoding, ty: Type) -> Content {
    Content {
        media_type: media.into(),
        encoding,
        ty,
        properties: IndexMap::new(),
        examples: vec![],
        distinct: false,
    }
}
fn json(ty: Type) -> Vec<Content> {
    vec![content("application/json", BodyEncoding::Json, ty)]
}
fn response(status: Status, text: &str, contents: Vec<Content>) -> Response {
    Response {
        status,
        name: name(text),
        description: Some(format!("What {text} means.")),
        contents,
        headers: vec![],
    }
}
fn ok(contents: Vec<Content>) -> Vec<Response> {
    vec![
        response(Status::Code(200), "Ok", contents),
        response(Status::Code(404), "NotFound", vec![]),
    ]
}
fn operation(
    id: &str,
    method: HttpMethod,
    template: &str,
    parameters: Vec<Parameter>,
    responses: Vec<Response>,
) -> Operation {
    let pascal: String = id
        .split('_')
        .map(|w| {
            let mut c = w.chars();
            c.next().unwrap().to_uppercase().collect::<String>() + c.as_str()
        })
        .collect();
    Operation {
        id: id.into(),
        name: name(id),
        type_name: name(&pascal),
        tag: name("issues"),
        method,
        path: path(template),
        is_served: true,
        docs: Docs {
            summary: Some("Does it.".into()),
            description: Some("Long text\nof two lines.".into()),
            provenance: vec![],
            ..Docs::default()
        },
        parameters,
        request_body: None,
        responses,
        security: None,
        servers: vec![],
        pagination: None,
    }
}
fn body(required: bool, contents: Vec<Content>) -> Option<RequestBody> {
    Some(RequestBody {
        name: name("body"),
        required,
        contents,
        docs: Docs::default(),
    })
}
fn field(text: &str, ty: Type, presence: Presence) -> Field {
    Field {
        wire_name: text.into(),
        name: name(text),
        ty,
        presence,
        promised: true,
        nullable: false,
        default: None,
        docs: docs("A field."),
    }
}
fn definition(text: &str, kind: TypeKind) -> TypeDefinition {
    TypeDefinition {
        name: name(text),
        schema: String::new(),
        docs: Docs::default(),
        used: TypeUse {
            request: true,
            response: true,
        },
        kind,
        examples: vec![],
    }
}

/// An API with one operation of each kind.
pub(crate) fn api() -> Api {
    use HttpMethod::*;
    use ParameterLocation::*;
    let team = Type::Named(TypeId::new(0));
    let upload = Type::Named(TypeId::new(1));
    let status = Type::Named(TypeId::new(2));
    let teams = Type::Named(TypeId::new(3));
    let types = vec![
        definition(
            "Team",
            TypeKind::Struct(Struct {
                fields: vec![
                    field("slug", Type::String, Presence::Required),
                    field("name", Type::String, Presence::Optional),
                ],
                additional: None,
            }),
        ),
        definition(
            "Upload",
            TypeKind::Struct(Struct {
                fields: vec![
                    field("title", Type::String, Presence::Required),
                    field(
                        "tags",
                        Type::List(Box::new(Type::String)),
                        Presence::Optional,
                    ),
                    field("note", Type::String, Presence::ThreeState),
                    field("file", Type::Binary, Presence::Required),
                    field("icon", Type::Binary, Presence::Optional),
                    field("logo", Type::Binary, Presence::ThreeState),
                    field(
                        "more",
                        Type::List(Box::new(Type::Binary)),
                        Presence::Optional,
                    ),
                    field(
                        "extra",
                        Type::List(Box::new(Type::Binary)),
                        Presence::ThreeState,
                    ),
                    field("team", team.clone(), Presence::Nullable),
                ],
                additional: Some(Map {
                    name: name("additional"),
                    value: Type::Any,
                }),
            }),
        ),
        definition(
            "TeamStatus",
            TypeKind::StringEnum(vec![EnumValue {
                wire: "active".into(),
                name: name("Active"),
                description: None,
            }]),
        ),
        definition("Teams", TypeKind::Alias(Type::List(Box::new(team.clone())))),
    ];
    let mut operations = vec![];
    let mut o = operation(
        "list_teams",
        Get,
        "/organizations/{organization}/teams/",
        vec![
            parameter("organization", Path, true, Type::String),
            parameter("cursor", Query, false, Type::String),
            parameter("full", Query, false, Type::Boolean),
            parameter("status", Query, false, Type::List(Box::new(status.clone()))),
            parameter(
                "project",
                Query,
                false,
                Type::List(Box::new(Type::Integer(IntegerKind::I64))),
            ),
            parameter(
                "environment",
                Query,
                false,
                Type::List(Box::new(Type::String)),
            ),
        ],
        ok(json(teams.clone())),
    );
    o.pagination = Some(Pagination::Link {
        cursor: Some("cursor".into()),
        item: team.clone(),
    });
    operations.push(o);
    let mut o = operation(
        "list_plain",
        Get,
        "/plain",
        vec![parameter(
            "page",
            Query,
            false,
            Type::Integer(IntegerKind::I32),
        )],
        ok(json(Type::List(Box::new(team.clone())))),
    );
    o.pagination = Some(Pagination::Link {
        cursor: None,
        item: team.clone(),
    });
    operations.push(o);
    let mut o = operation(
        "get_team",
        Get,
        "/teams/{team_id}/",
        vec![
            parameter("team_id", Path, true, Type::Integer(IntegerKind::U64)),
            parameter("X-Trace", Header, false, Type::String),
            parameter("session", Cookie, false, Type::String),
        ],
        ok(json(team.clone())),
    );
    o.docs.deprecated = true;
    operations.push(o);
    let mut o = operation(
        "create_team",
        Post,
        "/teams/",
        vec![],
        vec![
            response(Status::Code(201), "Created", json(team.clone())),
            response(Status::Code(208), "AlreadyReported", json(team.clone())),
            response(Status::Range(4), "ClientError", vec![]),
        ],
    );
    o.request_body = body(
        true,
        vec![
            content("application/json", BodyEncoding::Json, team.clone()),
            content("application/xml", BodyEncoding::Binary, Type::Binary),
        ],
    );
    operations.push(o);
    let mut o = operation(
        "update_team",
        Put,
        "/teams/{slug}/",
        vec![
            parameter("slug", Path, true, Type::String),
            parameter("status", Query, true, status.clone()),
        ],
        vec![
            response(Status::Code(200), "Ok", json(team.clone())),
            response(Status::Code(202), "Accepted", vec![]),
            response(Status::Default, "Default", json(Type::Any)),
        ],
    );
    o.request_body = body(false, json(Type::Any));
    operations.push(o);
    operations.push(operation(
        "delete_team",
        Delete,
        "/teams/{slug}/",
        vec![parameter("slug", Path, true, Type::String)],
        vec![response(Status::Code(204), "NoContent", vec![])],
    ));
    let mut o = operation(
        "upload",
        Post,
        "/upload",
        vec![],
        vec![response(Status::Default, "Default", json(Type::Any))],
    );
    o.request_body = body(
        true,
        vec![content(
            "multipart/form-data",
            BodyEncoding::Multipart,
            upload.clone(),
        )],
    );
    operations.push(o);
    let mut o = operation("upload_any", Post, "/upload", vec![], ok(vec![]));
    o.request_body = body(
        true,
        vec![content(
            "multipart/form-data",
            BodyEncoding::Multipart,
            Type::Any,
        )],
    );
    operations.push(o);
    let mut o = operation("log_in", Post, "/login", vec![], ok(vec![]));
    o.request_body = body(
        true,
        vec![content(
            "application/x-www-form-urlencoded",
            BodyEncoding::Form,
            team.clone(),
        )],
    );
    o.security = Some(vec![]);
    operations.push(o);
    let mut o = operation(
        "put_text",
        Put,
        "/text",
        vec![],
        ok(vec![content(
            "text/plain",
            BodyEncoding::Text,
            Type::String,
        )]),
    );
    o.request_body = body(
        true,
        vec![content("text/plain", BodyEncoding::Text, Type::String)],
    );
    operations.push(o);
    let mut o = operation(
        "put_octets",
        Put,
        "/octets",
        vec![],
        ok(vec![content(
            "application/zip",
            BodyEncoding::Binary,
            Type::Binary,
        )]),
    );
    o.request_body = body(
        true,
        vec![content("*/*", BodyEncoding::Binary, Type::Binary)],
    );
    operations.push(o);
    operations.push(operation(
        "watch",
        Get,
        "/events",
        vec![],
        ok(vec![content(
            "text/event-stream",
            BodyEncoding::EventStream,
            Type::Any,
        )]),
    ));
    let mut o = operation(
        "many",
        Post,
        "/a/{a}/b/{b}",
        vec![
            parameter("a", Path, true, Type::String),
            parameter("b", Path, true, Type::Integer(IntegerKind::I64)),
            parameter("c", Query, true, Type::Any),
            parameter("d", Query, true, status.clone()),
            parameter("e", Query, true, Type::List(Box::new(Type::String))),
            parameter("f", Query, true, Type::Timestamp),
        ],
        ok(json(Type::Nullable(Box::new(Type::String)))),
    );
    o.request_body = body(true, json(team.clone()));
    operations.push(o);
    let mut o = operation(
        "many_upload",
        Post,
        "/many/{a}",
        "abcdef"
            .chars()
            .map(|c| {
                parameter(
                    &c.to_string(),
                    if c == 'a' { Path } else { Query },
                    true,
                    Type::Secret,
                )
            })
            .collect(),
        ok(vec![]),
    );
    o.request_body = body(
        true,
        vec![content(
            "multipart/form-data",
            BodyEncoding::Multipart,
            upload,
        )],
    );
    operations.push(o);
    let mut o = operation(
        "clone",
        Get,
        "/x?fixed=1#frag",
        vec![
            parameter("send", Query, false, Type::String),
            parameter("request", Query, true, Type::Any),
            parameter(
                "type",
                Query,
                false,
                Type::Tuple(vec![Type::Boolean, Type::Null]),
            ),
            parameter("time", Query, true, Type::Date),
        ],
        ok(json(Type::Map(Box::new(Type::Number)))),
    );
    o.tag = name("mod_");
    o.security = Some(vec![IndexMap::from([("key".to_owned(), vec![])])]);
    o.servers = vec![Server {
        url: "https://evil.example".into(),
        description: None,
        variables: IndexMap::new(),
    }];
    operations.push(o);
    let mut q = parameter("filter", Query, false, team.clone());
    q.style = ParameterStyle::DeepObject;
    operations.push(operation(
        "head",
        Head,
        "/head",
        vec![q],
        ok(json(Type::Any)),
    ));
    Api {
        title: "T".into(),
        version: "1".into(),
        description: None,
        servers: vec![Server {
            url: "https://{region}.example.com/api/0/".into(),
            description: None,
            variables: IndexMap::from([(
                "region".to_owned(),
                ServerVariable {
                    default: "us".into(),
                    allowed: vec![],
                    description: None,
                },
            )]),
        }],
        sources: vec![],
        security_schemes: IndexMap::from([
            (
                "token".to_owned(),
                SecurityScheme::Bearer { description: None },
            ),
            (
                "key".to_owned(),
                SecurityScheme::ApiKey {
                    location: Query,
                    name: "api_key".into(),
                    description: None,
                },
            ),
            (
                "tls".to_owned(),
                SecurityScheme::Other {
                    kind: "mutualTLS".into(),
                    description: None,
                },
            ),
        ]),
        tags: vec![
            Tag {
                name: "Issues".into(),
                module: name("issues"),
                server_trait: name("Issues"),
                description: None,
            },
            Tag {
                name: "`mod`".into(),
                module: name("mod_"),
                server_trait: name("Mod"),
                description: None,
            },
            Tag {
                name: "empty".into(),
                module: name("empty"),
                server_trait: name("Empty"),
                description: None,
            },
        ],
        operations,
        webhooks: None,
        types,
    }
}
