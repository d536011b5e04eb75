//! Cuts the items of one operation, or of one type, out of the files of an emitted module.

use syn::{ImplItem, Item, ItemImpl, TraitItem, Type};

/// What an operation's items are called.
pub(crate) struct Stems<'a> {
    /// Of its methods: `list_issue_hashes`.
    pub(crate) method: &'a str,
    /// Of its types: `ListIssueHashes`.
    pub(crate) ty: &'a str,
}

/// The items of one operation, printed. Of traits and implementations that several operations share, the operation's part.
pub(crate) fn operation(files: &[String], stems: &Stems<'_>) -> String {
    printed(files, |item| part(item, stems))
}

/// The items of one type, printed.
pub(crate) fn model(files: &[String], name: &str) -> String {
    printed(files, |item| is_of_type(&item, name).then_some(item))
}

fn printed(files: &[String], part: impl FnMut(Item) -> Option<Item>) -> String {
    let items = files.iter().flat_map(|file| {
        let parsed = syn::parse_file(file).expect("what is emitted parses");
        parsed.items
    });
    prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: items.filter_map(part).collect(),
    })
}

fn is_of_type(item: &Item, name: &str) -> bool {
    match item {
        Item::Struct(item) => item.ident == name,
        Item::Enum(item) => item.ident == name,
        Item::Type(item) => item.ident == name,
        Item::Impl(item) => match &*item.self_ty {
            Type::Path(path) => path.path.is_ident(name),
            _ => false,
        },
        // The runtime's macros that implement traits for a type take its name first.
        Item::Macro(item) => {
            let first = item.mac.tokens.clone().into_iter().next();
            first.is_some_and(|token| token.to_string() == name)
        }
        _ => false,
    }
}

fn part(item: Item, stems: &Stems<'_>) -> Option<Item> {
    match item {
        Item::Static(item) => {
            let is_own = item.ident == stems.method.to_uppercase();
            is_own.then_some(Item::Static(item))
        }
        Item::Struct(item) => is_own(&item.ident, stems).then_some(Item::Struct(item)),
        Item::Enum(item) => is_own(&item.ident, stems).then_some(Item::Enum(item)),
        Item::Fn(item) => (item.sig.ident == stems.method).then_some(Item::Fn(item)),
        Item::Trait(mut item) => {
            item.items.retain(
                |item| matches!(item, TraitItem::Fn(method) if method.sig.ident == stems.method),
            );
            (!item.items.is_empty()).then_some(Item::Trait(item))
        }
        Item::Impl(item) => implementation(item, stems).map(Item::Impl),
        _ => None,
    }
}

fn implementation(mut item: ItemImpl, stems: &Stems<'_>) -> Option<ItemImpl> {
    let Type::Path(path) = &*item.self_ty else {
        return None;
    };
    if is_own(&path.path.segments.last()?.ident, stems) {
        return Some(item);
    }
    item.items
        .retain(|item| matches!(item, ImplItem::Fn(method) if method.sig.ident == stems.method));
    (!item.items.is_empty()).then_some(item)
}

/// Whether a type is the operation's: its name, or that with a suffix of the generator's.
fn is_own(ident: &syn::Ident, stems: &Stems<'_>) -> bool {
    let name = ident.to_string();
    let suffix = name.strip_prefix(stems.ty);
    suffix.is_some_and(|suffix| ["", "Request", "Response", "Body"].contains(&suffix))
}
