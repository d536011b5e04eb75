-- What happens: issues with their events, feedback, and monitors with their check-ins.

CREATE TABLE issues (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    -- The number in the short id, `PROJECT-12`.
    number INTEGER NOT NULL,
    -- What the events of the issue have in common.
    hash TEXT NOT NULL,
    title TEXT NOT NULL,
    culprit TEXT,
    type TEXT NOT NULL DEFAULT 'error',
    level TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'unresolved',
    substatus TEXT,
    status_details TEXT NOT NULL DEFAULT '{}',
    priority TEXT NOT NULL DEFAULT 'medium',
    -- `user:1` or `team:1`.
    assigned_to TEXT,
    has_seen INTEGER NOT NULL DEFAULT FALSE,
    is_bookmarked INTEGER NOT NULL DEFAULT FALSE,
    is_public INTEGER NOT NULL DEFAULT FALSE,
    is_subscribed INTEGER NOT NULL DEFAULT FALSE,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    -- The release that an issue was resolved in.
    resolved_in INTEGER REFERENCES releases ON DELETE SET NULL,
    UNIQUE (project_id, number),
    UNIQUE (project_id, hash)
);

CREATE TABLE events (
    id TEXT PRIMARY KEY,
    issue_id INTEGER NOT NULL REFERENCES issues ON DELETE CASCADE,
    title TEXT NOT NULL,
    message TEXT NOT NULL,
    platform TEXT NOT NULL,
    environment TEXT,
    release TEXT,
    dist TEXT,
    -- The rest as JSON, in the forms of the API.
    user TEXT,
    entries TEXT NOT NULL DEFAULT '[]',
    contexts TEXT NOT NULL DEFAULT '{}',
    date_created TEXT NOT NULL,
    date_received TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))
);
CREATE INDEX events_of_issue ON events (issue_id, date_created);

CREATE TABLE event_tags (
    event_id TEXT NOT NULL REFERENCES events ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (event_id, key)
);
CREATE INDEX tags_by_key ON event_tags (key, value);

CREATE TABLE feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    event_id TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    comments TEXT NOT NULL,
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    UNIQUE (project_id, event_id)
);

CREATE TABLE monitors (
    id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))),
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'active',
    is_muted INTEGER NOT NULL DEFAULT FALSE,
    owner TEXT,
    config TEXT NOT NULL,
    alert_rule TEXT,
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    UNIQUE (project_id, slug)
);

CREATE TABLE check_ins (
    id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))),
    monitor_id TEXT NOT NULL REFERENCES monitors ON DELETE CASCADE,
    status TEXT NOT NULL DEFAULT 'in_progress',
    duration INTEGER,
    environment TEXT NOT NULL DEFAULT 'production',
    config TEXT NOT NULL,
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    date_updated TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))
);
CREATE INDEX check_ins_of_monitor ON check_ins (monitor_id, date_created);
