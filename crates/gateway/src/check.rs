//! What the fuzz targets and the tests with the same seeds call, which see only what is public.

use domain::{KeyId, ServerId};
use secrecy::SecretBox;
use wire::Version;

pub use crate::aggregate::cursor;
use crate::{
    seal::Sealer,
    session::{Client, Scope},
};

/// Whose session id, with which secret: a byte for the key, one for the server, one for the secret.
#[derive(Clone, Copy)]
pub struct Owner(pub u8, pub u8, pub u8);

impl Owner {
    fn parts(self) -> (Sealer, KeyId, Scope) {
        let sealer = Sealer::new(&SecretBox::new(Box::new([self.2; 32])));
        (sealer, KeyId::new(1, [self.0; 10]), Scope::Server(ServerId::new(2, [self.1; 10])))
    }

    /// The id of a session of a client that said this of itself.
    #[must_use]
    pub fn seal(self, capabilities: &str) -> Option<String> {
        let capabilities = Some(serde_json::from_str(capabilities).ok()?);
        let client = Client { version: Version::LATEST_LEGACY, capabilities, info: None };
        let (sealer, key, scope) = self.parts();
        sealer.seal(key, scope, &client)
    }

    /// What the client of the session said of itself; nothing said is `null`.
    #[must_use]
    pub fn open(self, id: &str) -> Option<String> {
        let (sealer, key, scope) = self.parts();
        let said = sealer.open(id, key, scope)?.capabilities;
        Some(said.map_or_else(|| "null".to_owned(), |said| said.get().to_owned()))
    }
}
