//! What is emitted, small enough to be reviewed: single operations and types.
//!
//! `INSTA_UPDATE=always cargo test -p workspace-tests snapshots` accepts what is emitted now.

mod cut;
mod emitted;

/// Compares a text with the file `<name>.snap` of a folder beside this file.
fn assert_text(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
