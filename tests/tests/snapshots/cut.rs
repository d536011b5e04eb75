//! Cuts whole items, as they stand, out of emitted files. Items are what blank lines part that are followed by code without
//! indentation; members are likewise, one level deeper.

/// The items of a file that `is_wanted`.
pub(crate) fn items(file: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<&str> {
    parts(file.trim_end(), "")
        .into_iter()
        .filter(|item| is_wanted(item))
        .collect()
}

/// The only item of a file that has a line with this beginning, documentation and attributes included.
pub(crate) fn item<'f>(file: &'f str, head: &str) -> &'f str {
    let found = items(file, |item| item.lines().any(|line| line.starts_with(head)));
    let [item] = found.as_slice() else {
        panic!("{} items begin with `{head}`", found.len())
    };
    item
}

/// An `impl` or a trait with one of its members alone.
pub(crate) fn with_member(item: &str, head: &str) -> String {
    let (before, members) = item.split_once("{\n").expect("it has members");
    let members = members.strip_suffix("\n}").expect("it ends with a brace");
    let head = format!("    {head}");
    let mut found = parts(members, "    ").into_iter();
    let member = found.find(|member| member.lines().any(|line| line.starts_with(&head)));
    let member = member.unwrap_or_else(|| panic!("no member begins with `{head}`"));
    format!("{before}{{\n{member}\n}}")
}

/// Text that is divided at blank lines which code with this indentation, and no more, follows.
fn parts<'t>(text: &'t str, indentation: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (end, _) in text.match_indices("\n\n") {
        let next = text
            .get(end + 2..)
            .and_then(|rest| rest.strip_prefix(indentation));
        if next.is_some_and(|next| !next.starts_with([' ', '\n'])) {
            parts.extend(text.get(start..end));
            start = end + 2;
        }
    }
    parts.extend(text.get(start..));
    parts
}
