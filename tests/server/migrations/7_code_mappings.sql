-- Where in a repository the paths of stack traces are.

CREATE TABLE code_mappings (
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    stack_root TEXT NOT NULL,
    source_root TEXT NOT NULL,
    repository_id INTEGER NOT NULL REFERENCES repositories ON DELETE CASCADE,
    default_branch TEXT NOT NULL,
    PRIMARY KEY (project_id, stack_root, source_root)
);
