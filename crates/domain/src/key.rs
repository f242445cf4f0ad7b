//! API keys of projects (`slu_…`) and the format that all secrets of ours share.

use serde::{Deserialize, Serialize};

use crate::{Code, Result, SecretInput};

mod filter;
mod form;
mod rule;

pub use filter::{KeyFilter, KeyState};
pub use form::{CHOSEN, KEEP, KeyForm, ON_DATE};
pub use rule::{ApiKey, KeyScope, KeyServer, KeyUse, MAX_CALLS_PER_MINUTE, NewKey, Rotation, WARN_DAYS};

/// A new key with its secret, which is never shown again.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedKey {
    pub key: ApiKey,
    pub secret: SecretInput,
}

/// What the names of keys begin with that the console makes for itself, to try tools.
pub const PLAYGROUND: &str = "Playground · ";

#[must_use]
pub fn is_playground(name: &str) -> bool {
    name.starts_with(PLAYGROUND)
}

/// What a secret of ours is for; the prefix tells people and secret scanners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    ApiKey,
    PersonalToken,
    Invitation,
}

impl SecretKind {
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            SecretKind::ApiKey => "slu_",
            SecretKind::PersonalToken => "slp_",
            SecretKind::Invitation => "sli_",
        }
    }
}

/// Random characters of a secret: 32 of 62 give 190 bits.
pub const RANDOM_CHARS: usize = 32;
const CHECK_CHARS: usize = 6;
/// Characters shown in lists: the prefix and four more.
pub const SHOWN_CHARS: usize = 8;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Writes a secret: prefix, random characters, and six base-62 digits of their CRC-32, so that a
/// typing error or a scanner's false alarm is told without asking anybody.
///
/// `random` must come from a cryptographic source; bytes that would bias the choice of characters
/// are skipped. `None` when too few are left: pass twice [`RANDOM_CHARS`] to make that a matter of
/// less than one in 2^60.
#[must_use]
pub fn format_secret(kind: SecretKind, random: &[u8]) -> Option<SecretInput> {
    // 248 = 4 × 62: taking larger bytes modulo 62 would favour the first characters.
    let chars: String = random
        .iter()
        .filter(|b| **b < 248)
        .map(|b| char::from(ALPHABET[usize::from(b % 62)]))
        .take(RANDOM_CHARS)
        .collect();
    if chars.len() < RANDOM_CHARS {
        return None;
    }
    let prefix = kind.prefix();
    Some(SecretInput::new(format!("{prefix}{chars}{}", checksum(&format!("{prefix}{chars}")))))
}

/// Whether `text` is a well-formed secret of `kind`: says nothing of its being known.
#[must_use]
pub fn is_well_formed(kind: SecretKind, text: &str) -> bool {
    text.len() == kind.prefix().len() + RANDOM_CHARS + CHECK_CHARS
        && text.starts_with(kind.prefix())
        && text[kind.prefix().len()..].bytes().all(|b| b.is_ascii_alphanumeric())
        && checksum(&text[..text.len() - CHECK_CHARS]) == text[text.len() - CHECK_CHARS..]
}

/// Whether a secret that a person chose is as strong as one of ours: well-formed, and with the
/// variety that random characters have (32 draws of 62 show fewer than 16 kinds less than once in
/// a hundred million).
pub fn check_given(kind: SecretKind, text: &str) -> Result<(), Code> {
    let mut seen: Vec<u8> = text.bytes().skip(kind.prefix().len()).take(RANDOM_CHARS).collect();
    seen.sort_unstable();
    seen.dedup();
    if is_well_formed(kind, text) && seen.len() >= 16 { Ok(()) } else { Err(Code::KeyWeak) }
}

fn checksum(text: &str) -> String {
    let mut crc = crc32(text.as_bytes());
    let mut digits = [b'0'; CHECK_CHARS];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(crc % 62) as usize];
        crc /= 62;
    }
    digits.iter().map(|b| char::from(*b)).collect()
}

/// CRC-32 of ISO-HDLC (the one of zip and Ethernet), bit by bit: forty bytes need no table.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1)))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn crc32_is_the_standard_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn weak_keys_are_refused() {
        let weak = "slu_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        let weak = format!("{weak}{}", checksum(weak));
        assert!(is_well_formed(SecretKind::ApiKey, &weak));
        assert_eq!(check_given(SecretKind::ApiKey, &weak), Err(Code::KeyWeak));
        assert_eq!(check_given(SecretKind::ApiKey, "my-own-secret"), Err(Code::KeyWeak));
    }

    proptest! {
        #[test]
        fn made_secrets_are_well_formed(random in proptest::collection::vec(0_u8..248, RANDOM_CHARS)) {
            let secret = format_secret(SecretKind::ApiKey, &random).expect("enough usable bytes");
            prop_assert!(is_well_formed(SecretKind::ApiKey, secret.expose_secret()));
            prop_assert!(!is_well_formed(SecretKind::PersonalToken, secret.expose_secret()));
        }

        #[test]
        fn one_wrong_character_is_told(random in proptest::collection::vec(0_u8..248, RANDOM_CHARS), at in 4_usize..42) {
            let secret = format_secret(SecretKind::ApiKey, &random).expect("enough usable bytes");
            let mut wrong = secret.expose_secret().to_owned().into_bytes();
            wrong[at] = if wrong[at] == b'x' { b'y' } else { b'x' };
            prop_assert!(!is_well_formed(SecretKind::ApiKey, &String::from_utf8(wrong).expect("ASCII")));
        }

        #[test]
        fn anything_can_be_asked_about(text in ".{0,60}") {
            let _ = is_well_formed(SecretKind::ApiKey, &text);
            let _ = check_given(SecretKind::ApiKey, &text);
        }
    }
}
