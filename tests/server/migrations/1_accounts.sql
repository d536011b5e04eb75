-- Who there is: users with their tokens, organizations with members, teams and projects.

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name TEXT NOT NULL,
    date_joined TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))
);

-- Only the SHA-256 of a token is kept: who reads the database cannot use it.
CREATE TABLE tokens (
    hash BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE
);

CREATE TABLE organizations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- The properties that an update sets and nothing else reads, as the JSON object of the API.
    options TEXT NOT NULL DEFAULT '{}',
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))
);

CREATE TABLE members (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations ON DELETE CASCADE,
    -- NULL until the invited person has an account.
    user_id INTEGER REFERENCES users ON DELETE SET NULL,
    email TEXT NOT NULL COLLATE NOCASE,
    role TEXT NOT NULL DEFAULT 'member',
    active INTEGER NOT NULL DEFAULT TRUE,
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    UNIQUE (organization_id, email)
);

CREATE TABLE teams (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations ON DELETE CASCADE,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    UNIQUE (organization_id, slug)
);

CREATE TABLE team_members (
    team_id INTEGER NOT NULL REFERENCES teams ON DELETE CASCADE,
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    PRIMARY KEY (team_id, member_id)
);

CREATE TABLE projects (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations ON DELETE CASCADE,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    platform TEXT,
    options TEXT NOT NULL DEFAULT '{}',
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    UNIQUE (organization_id, slug)
);

CREATE TABLE project_teams (
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    team_id INTEGER NOT NULL REFERENCES teams ON DELETE CASCADE,
    PRIMARY KEY (project_id, team_id)
);

CREATE TABLE project_filters (
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    id TEXT NOT NULL,
    active TEXT NOT NULL,
    PRIMARY KEY (project_id, id)
);

CREATE TABLE client_keys (
    id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))),
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    name TEXT NOT NULL,
    public TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(16)))),
    secret TEXT NOT NULL DEFAULT (lower(hex(randomblob(16)))),
    is_active INTEGER NOT NULL DEFAULT TRUE,
    rate_limit TEXT,
    browser_sdk_version TEXT NOT NULL DEFAULT 'latest',
    loader_options TEXT NOT NULL DEFAULT '{}',
    use_case TEXT NOT NULL DEFAULT 'user',
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))
);

CREATE TABLE service_hooks (
    id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))),
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    secret TEXT NOT NULL DEFAULT (lower(hex(randomblob(32)))),
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))
);
