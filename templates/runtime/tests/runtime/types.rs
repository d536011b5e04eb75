use runtime::types::{Base64, Binary, Change, Date, Secret, Timestamp, Uri};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// Decodes, encodes, and expects the same text.
fn assert_kept<T: Serialize + DeserializeOwned>(text: &str) -> T {
    let value: T = serde_json::from_value(json!(text)).expect("any text is read");
    assert_eq!(serde_json::to_value(&value).expect("is written"), json!(text));
    value
}

#[test]
fn timestamps_keep_their_text_and_know_their_instant() {
    for text in [
        "2018-11-06T21:19:55Z",
        "2018-11-06T21:19:55.000000Z",
        "2018-11-06T21:19:55+00:00",
        "2018-11-06 21:19:55",
        "2018-11-06T21:19:55",
        "2018-11-06T22:19:55+01:00",
        "2018-11-06t21:19:55z",
    ] {
        let timestamp: Timestamp = assert_kept(text);
        let instant = timestamp.instant().expect(text);
        assert_eq!(instant.as_second(), 1_541_539_195, "{text}");
        assert_eq!(text.parse::<Timestamp>().as_ref(), Ok(&timestamp));
    }
}

#[test]
fn malformed_timestamps_are_kept_without_an_instant_and_refused_when_parsed() {
    for text in ["", "never", "2018-11-06", "2018-13-06T21:19:55Z", "1541539195"] {
        let timestamp: Timestamp = assert_kept(text);
        assert_eq!(timestamp.instant(), None, "{text}");
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
    assert!(serde_json::from_value::<Timestamp>(json!(1_541_539_195)).is_err());
}

#[test]
fn timestamps_are_ordered_by_instant_and_equal_by_text() {
    let earlier = Timestamp::from_text("2020-01-01T10:00:00+02:00");
    let later = Timestamp::from_text("2020-01-01T09:00:00Z");
    assert!(earlier < later);
    assert!(Timestamp::from_text("soon") < earlier);
    let same = Timestamp::from_text("2020-01-01T08:00:00Z");
    assert_eq!(earlier.instant(), same.instant());
    assert_ne!(earlier, same);
}

#[test]
fn instants_become_rfc_3339() {
    let instant = jiff::Timestamp::new(1_541_539_195, 500_000_000).expect("in range");
    let timestamp = Timestamp::from(instant);
    assert_eq!(timestamp.as_str(), "2018-11-06T21:19:55.5Z");
    assert_eq!(timestamp.instant(), Some(instant));
}

#[test]
fn timestamps_convert_to_chrono_and_back() {
    for text in ["2018-11-06T21:19:55.5Z", "1960-01-01T00:00:00.25Z"] {
        let timestamp = Timestamp::from_text(text);
        let converted = chrono::DateTime::<chrono::Utc>::try_from(&timestamp).expect("in range");
        assert_eq!(Timestamp::try_from(converted), Ok(timestamp));
    }
    assert!(Timestamp::try_from(chrono::DateTime::<chrono::Utc>::MAX_UTC).is_err());
}

#[test]
fn timestamps_convert_to_time_and_back() {
    for text in ["2018-11-06T21:19:55.5Z", "1960-01-01T00:00:00.25Z"] {
        let timestamp = Timestamp::from_text(text);
        let converted = time::OffsetDateTime::try_from(&timestamp).expect("in range");
        assert_eq!(Timestamp::try_from(converted), Ok(timestamp));
    }
    assert!(time::OffsetDateTime::try_from(&Timestamp::from_text("never")).is_err());
}

#[test]
fn dates_keep_their_text_and_are_strict_when_parsed() {
    let date: Date = assert_kept("2024-02-29");
    assert_eq!(date.date(), Some(jiff::civil::date(2024, 2, 29)));
    assert_eq!(Date::from(jiff::civil::date(2024, 2, 29)), date);
    for text in ["", "2023-02-29", "2024-02-29T00:00:00Z", "29.02.2024"] {
        assert_eq!(assert_kept::<Date>(text).date(), None, "{text}");
        assert!(text.parse::<Date>().is_err(), "{text}");
    }
}

#[test]
fn uris_keep_their_text_and_are_checked_on_demand() {
    for text in ["https://example.org/a?b#c", "urn:isbn:0451450523", "mailto:a@b.c"] {
        assert_eq!(assert_kept::<Uri>(text).check(), Ok(()), "{text}");
    }
    for text in ["", "/api/0/", "https:", "1a:b", "https://a b", "https://a\nb", ":"] {
        assert!(assert_kept::<Uri>(text).check().is_err(), "{text:?}");
        assert!(text.parse::<Uri>().is_err(), "{text:?}");
    }
    assert_eq!(Uri::from_text("git+ssh://host").scheme(), Some("git+ssh"));
    assert_eq!(Uri::from("a b"), Uri::from_text("a b"));
    assert_eq!(Uri::from("a b".to_owned()), Uri::from_text("a b"));
    assert_eq!(Change::from("a"), Change::Set(Uri::from_text("a")));
}

#[test]
fn secrets_are_sent_but_not_shown() {
    let secret: Secret = assert_kept("hunter2");
    assert_eq!(secret.expose(), "hunter2");
    assert!(!format!("{secret:?} {:#?}", Some(&secret)).contains("hunter2"));
}

#[test]
fn base64_keeps_its_text_and_decodes_both_alphabets_on_demand() {
    assert_eq!(Base64::encode([0xfb, 0xff]).as_str(), "+/8=");
    for text in ["+/8=", "-_8=", "-_8", "+/\n8="] {
        assert_eq!(assert_kept::<Base64>(text).decode(), Ok(vec![0xfb, 0xff]), "{text:?}");
    }
    for text in ["=", "a", "****", "\u{e4}"] {
        assert!(assert_kept::<Base64>(text).decode().is_err(), "{text:?}");
        assert!(text.parse::<Base64>().is_err(), "{text:?}");
    }
}

#[test]
fn bytes_are_written_as_text_or_not_at_all() {
    let text = Binary::new("caf\u{e9}").with_file_name("menu.txt");
    let json = serde_json::to_value(&text).expect("is UTF-8");
    assert_eq!(json, json!("caf\u{e9}"));
    let back: Binary = serde_json::from_value(json).expect("is text");
    assert_eq!(back.bytes(), text.bytes());
    assert!(serde_json::to_value(Binary::new(vec![0xff])).is_err());
    assert_eq!(format!("{text:?}"), r#"Binary { bytes: 5, file_name: Some("menu.txt"), content_type: None }"#);
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Update {
    #[serde(default, skip_serializing_if = "Change::is_keep")]
    lead: Change<String>,
}

#[test]
fn changes_have_three_states_on_the_wire() {
    let states: [(Change<String>, Value); 3] =
        [(Change::Keep, json!({})), (Change::Clear, json!({"lead": null})), ("ana".into(), json!({"lead": "ana"}))];
    for (lead, wire) in states {
        let update = Update { lead };
        assert_eq!(serde_json::to_value(&update).expect("is written"), wire);
        assert_eq!(serde_json::from_value::<Update>(wire).expect("is read"), update);
    }
}

#[test]
fn a_change_that_keeps_is_never_written_as_null() {
    assert!(serde_json::to_value(Change::<String>::Keep).is_err());
}

#[test]
fn changes_apply_to_a_value() {
    let mut lead = Some("ana");
    Change::Keep.apply(&mut lead);
    assert_eq!(lead, Some("ana"));
    Change::Set("bo").apply(&mut lead);
    assert_eq!(lead, Some("bo"));
    Change::Clear.apply(&mut lead);
    assert_eq!(lead, None);
    assert_eq!(Change::set_or_keep(None::<u8>), Change::Keep);
    assert_eq!(Change::set_or_clear(None::<u8>), Change::Clear);
}

#[test]
fn the_errors_of_texts_show_the_text_but_those_of_base64_do_not() {
    let message = |text: &str| text.parse::<Timestamp>().unwrap_err().to_string();
    assert_eq!(message("never\n"), r#""never\n" is not an RFC 3339 date-time within range"#);
    let error = "x".parse::<Date>().unwrap_err();
    assert_eq!(error.to_string(), r#""x" is not a date (YYYY-MM-DD)"#);
    let error = "x".parse::<Uri>().unwrap_err();
    assert_eq!(error.to_string(), r#""x" is not an absolute URI"#);
    let error = "hunter2!".parse::<Base64>().unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
    assert_eq!(format!("{:?}", Base64::from_text("hunter2")), "Base64(7 characters)");
}
