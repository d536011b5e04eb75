-- What tokens may do, alert rules, and integrations with other services.

-- Scopes as a JSON array; NULL is a token with all of them.
ALTER TABLE tokens ADD COLUMN scopes TEXT;

CREATE TABLE alert_rules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations ON DELETE CASCADE,
    -- NULL is all projects.
    project_id INTEGER REFERENCES projects ON DELETE CASCADE,
    name TEXT NOT NULL,
    aggregate TEXT NOT NULL DEFAULT 'count()',
    query TEXT NOT NULL DEFAULT '',
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))
);

CREATE TABLE installations (
    uuid TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))),
    organization_id INTEGER NOT NULL REFERENCES organizations ON DELETE CASCADE,
    app_id INTEGER NOT NULL,
    app_slug TEXT NOT NULL,
    app_uuid TEXT NOT NULL DEFAULT (lower(hex(randomblob(16)))),
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))
);

CREATE TABLE external_issues (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    installation TEXT NOT NULL REFERENCES installations ON DELETE CASCADE,
    issue_id INTEGER NOT NULL REFERENCES issues ON DELETE CASCADE,
    project TEXT NOT NULL,
    identifier TEXT NOT NULL,
    web_url TEXT NOT NULL,
    UNIQUE (installation, issue_id)
);

-- What SDKs tell of the health of releases. A session that is sent again replaces what was known of it.
CREATE TABLE sessions (
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    id TEXT NOT NULL,
    -- NULL where the SDK does not tell.
    user TEXT,
    -- `healthy`, `errored`, `crashed` or `abnormal`.
    status TEXT NOT NULL,
    release TEXT NOT NULL,
    environment TEXT NOT NULL,
    started INTEGER NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (project_id, id)
);
