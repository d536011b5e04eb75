-- Uploads in chunks, which `sentry-cli` assembles to debug files and to bundles of artifacts.

CREATE TABLE chunks (
    organization_id INTEGER NOT NULL REFERENCES organizations ON DELETE CASCADE,
    sha1 TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (organization_id, sha1)
);

CREATE TABLE artifact_bundles (
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    sha1 TEXT NOT NULL,
    release TEXT,
    dist TEXT,
    content BLOB NOT NULL,
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    PRIMARY KEY (project_id, sha1)
);
