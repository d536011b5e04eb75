//! Cuts the items of one operation out of an emitted file.

use syn::{ImplItem, Item, ItemImpl, TraitItem, Type};

/// What an operation's items are called.
pub(crate) struct Stems<'a> {
    /// Of its methods: `list_issue_hashes`.
    pub(crate) method: &'a str,
    /// Of its types: `ListIssueHashes`.
    pub(crate) ty: &'a str,
}

/// The items of one operation, printed. Of traits and implementations that several operations share, the operation's part.
pub(crate) fn operation(file: &str, stems: &Stems<'_>) -> String {
    let mut parsed = syn::parse_file(file).expect("what is emitted parses");
    parsed.attrs.clear();
    parsed.items = parsed
        .items
        .into_iter()
        .filter_map(|item| part(item, stems))
        .collect();
    prettyplease::unparse(&parsed)
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
