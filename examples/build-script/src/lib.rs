//! The types of `pets.yaml`, generated when this crate is built.

include!(concat!(env!("OUT_DIR"), "/src/modules.rs"));

#[cfg(test)]
mod tests {
    use super::models::{Pet, PetKind};

    #[test]
    fn a_pet_is_read() {
        let body = br#"{"name": "Tom", "kind": "cat", "born": "2020-02-01"}"#;
        let pet = crate::decode::<Pet>(body).expect("it is JSON").value;
        assert_eq!(pet.name.as_deref(), Some("Tom"));
        assert_eq!(pet.kind, Some(PetKind::Cat));
    }
}
