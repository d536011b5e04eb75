-- What is released: releases with files, commits and deploys, and the debug files of projects.

CREATE TABLE repositories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations ON DELETE CASCADE,
    name TEXT NOT NULL,
    url TEXT,
    provider_id TEXT NOT NULL DEFAULT 'unknown',
    provider_name TEXT NOT NULL DEFAULT 'Unknown Provider',
    status TEXT NOT NULL DEFAULT 'active',
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    UNIQUE (organization_id, name)
);

CREATE TABLE releases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations ON DELETE CASCADE,
    version TEXT NOT NULL,
    ref TEXT,
    url TEXT,
    status TEXT NOT NULL DEFAULT 'open',
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    date_started TEXT,
    date_released TEXT,
    UNIQUE (organization_id, version)
);

CREATE TABLE release_projects (
    release_id INTEGER NOT NULL REFERENCES releases ON DELETE CASCADE,
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    PRIMARY KEY (release_id, project_id)
);

CREATE TABLE commits (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories ON DELETE CASCADE,
    hash TEXT NOT NULL,
    message TEXT,
    author_name TEXT,
    author_email TEXT,
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    UNIQUE (repository_id, hash)
);

CREATE TABLE commit_files (
    commit_id INTEGER NOT NULL REFERENCES commits ON DELETE CASCADE,
    path TEXT NOT NULL,
    change TEXT NOT NULL,
    PRIMARY KEY (commit_id, path)
);

CREATE TABLE release_commits (
    release_id INTEGER NOT NULL REFERENCES releases ON DELETE CASCADE,
    commit_id INTEGER NOT NULL REFERENCES commits ON DELETE CASCADE,
    position INTEGER NOT NULL,
    PRIMARY KEY (release_id, commit_id)
);

CREATE TABLE deploys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    release_id INTEGER NOT NULL REFERENCES releases ON DELETE CASCADE,
    environment TEXT NOT NULL,
    name TEXT,
    url TEXT,
    date_started TEXT,
    date_finished TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))
);

CREATE TABLE release_files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    release_id INTEGER NOT NULL REFERENCES releases ON DELETE CASCADE,
    name TEXT NOT NULL,
    dist TEXT NOT NULL DEFAULT '',
    headers TEXT NOT NULL,
    sha1 TEXT NOT NULL,
    content BLOB NOT NULL,
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    UNIQUE (release_id, name, dist)
);

CREATE TABLE debug_files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    object_name TEXT NOT NULL,
    symbol_type TEXT NOT NULL,
    cpu_name TEXT NOT NULL DEFAULT 'any',
    debug_id TEXT,
    sha1 TEXT NOT NULL,
    content BLOB NOT NULL,
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    UNIQUE (project_id, sha1)
);
