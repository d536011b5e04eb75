-- Clients choose the ids of events and of check-ins: an id is unique in a project or in a monitor, not among all of them.

CREATE TABLE events_of_projects (
    number INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    id TEXT NOT NULL,
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
    extra TEXT NOT NULL DEFAULT '{}',
    date_created TEXT NOT NULL,
    date_received TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    UNIQUE (project_id, id)
);
INSERT INTO events_of_projects (project_id, id, issue_id, title, message, platform, environment,
        release, dist, user, entries, contexts, date_created, date_received)
    SELECT i.project_id, e.id, e.issue_id, e.title, e.message, e.platform, e.environment,
        e.release, e.dist, e.user, e.entries, e.contexts, e.date_created, e.date_received
    FROM events e JOIN issues i ON i.id = e.issue_id ORDER BY e.rowid;

CREATE TABLE tags_of_events (
    event INTEGER NOT NULL REFERENCES events_of_projects ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (event, key)
);
INSERT INTO tags_of_events
    SELECT e.number, t.key, t.value FROM event_tags t JOIN events_of_projects e ON e.id = t.event_id;

DROP TABLE event_tags;
DROP TABLE events;
ALTER TABLE events_of_projects RENAME TO events;
ALTER TABLE tags_of_events RENAME TO event_tags;
CREATE INDEX events_of_issue ON events (issue_id, date_created);
CREATE INDEX tags_by_key ON event_tags (key, value);

CREATE TABLE check_ins_of_monitors (
    id TEXT NOT NULL DEFAULT (lower(hex(randomblob(16)))),
    monitor_id TEXT NOT NULL REFERENCES monitors ON DELETE CASCADE,
    status TEXT NOT NULL DEFAULT 'in_progress',
    duration INTEGER,
    environment TEXT NOT NULL DEFAULT 'production',
    config TEXT NOT NULL,
    date_created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    date_updated TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    PRIMARY KEY (monitor_id, id)
);
INSERT INTO check_ins_of_monitors SELECT * FROM check_ins ORDER BY rowid;
DROP TABLE check_ins;
ALTER TABLE check_ins_of_monitors RENAME TO check_ins;
CREATE INDEX check_ins_of_monitor ON check_ins (monitor_id, date_created);
