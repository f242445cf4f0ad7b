//! Secrets at rest: XChaCha20-Poly1305, bound to where they are stored.
//!
//! A sealed value is `key id (1) ‖ nonce (24) ‖ ciphertext`. The associated data names table, row
//! and column, so a value that was moved to another row does not open.

use std::sync::Arc;

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::{Code, Error, Result};
use secrecy::{ExposeSecret, SecretBox, SecretString};

use crate::Entropy;

const NONCE: usize = 24;
/// The only key so far. Rotation adds readable ones beside it.
const KEY_ID: u8 = 1;

#[derive(Clone)]
pub(crate) struct Vault {
    cipher: Arc<XChaCha20Poly1305>,
    entropy: Entropy,
}

impl Vault {
    pub(crate) fn new(key: &SecretBox<[u8; 32]>, entropy: Entropy) -> Self {
        Self { cipher: Arc::new(XChaCha20Poly1305::new(key.expose_secret().into())), entropy }
    }

    /// Seals `secret` for the place that `place` names, such as `server_variable/<id>/sealed`.
    pub(crate) fn seal(&self, place: &str, secret: &str) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE] = self.entropy.bytes();
        let payload = Payload { msg: secret.as_bytes(), aad: place.as_bytes() };
        let text = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::internal(format!("sealing {place}")))?;
        Ok([&[KEY_ID], nonce.as_slice(), &text].concat())
    }

    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<SecretString> {
        let unreadable = |why: &str| Error::new(Code::SecretUnreadable).context(format!("{place}: {why}"));
        let (key_id, rest) = sealed.split_first().ok_or_else(|| unreadable("empty"))?;
        if *key_id != KEY_ID {
            return Err(unreadable("sealed with a key that is not here"));
        }
        let (nonce, text) = rest.split_first_chunk::<NONCE>().ok_or_else(|| unreadable("too short"))?;
        let payload = Payload { msg: text, aad: place.as_bytes() };
        let bytes = self
            .cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| unreadable("the key, the place or the value was changed"))?;
        String::from_utf8(bytes).map(SecretString::from).map_err(|_| unreadable("not text"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_in_its_place() {
        let vault = Vault::new(&SecretBox::new(Box::new([7; 32])), Entropy::seeded(1));
        let sealed = vault.seal("a/1", "hunter2").expect("sealed");
        assert_eq!(vault.open("a/1", &sealed).expect("opened").expose_secret(), "hunter2");
        assert_eq!(vault.open("a/2", &sealed).expect_err("moved").code(), Code::SecretUnreadable);
        let other = Vault::new(&SecretBox::new(Box::new([8; 32])), Entropy::seeded(1));
        assert!(other.open("a/1", &sealed).is_err(), "another key");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(vault.open("a/1", &changed).is_err(), "byte {at}");
            assert!(vault.open("a/1", &sealed[..at]).is_err(), "cut at {at}");
        }
    }
}
