//! Session ids that outlive the process.
//!
//! What is needed to go on after a restart is sealed in the id itself (XChaCha20-Poly1305): whose
//! session it is, for which server, and what the client said in `initialize`. A restarted Sluice, or
//! another one with the same key, opens it and goes on; nothing is stored anywhere. An id is no
//! proof of anything: each request brings its API key, and the session answers to that key only.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::{KeyId, ServerId};
use secrecy::{ExposeSecret, SecretBox};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use wire::Version;

use crate::session::{Client, Scope};

const NONCE: usize = 24;
/// Keeps ids apart from whatever else may be sealed with the same key.
const PURPOSE: &[u8] = b"sluice mcp session 1";
/// Bytes of an id that clients and proxies carry in a header without trouble. A client that says
/// more of itself gets an id that ends with the process.
const LONGEST: usize = 2_000;

pub(crate) struct Sealer(XChaCha20Poly1305);

/// Keeps the ids of event streams apart from those of sessions.
const STREAM: &[u8] = b"sluice mcp event stream 1";

/// What a modern client takes along from a call that waits for its answers.
const STATE: &[u8] = b"sluice mcp request state 1";

/// What an id holds; names are short because the id travels with each request.
#[derive(Serialize, Deserialize)]
struct Contents<'a> {
    k: KeyId,
    /// None for all servers of the key's project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    s: Option<ServerId>,
    v: &'a str,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    c: Option<&'a RawValue>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    i: Option<&'a RawValue>,
}

fn server_of(scope: Scope) -> Option<ServerId> {
    match scope {
        Scope::Project => None,
        Scope::Server(id) => Some(id),
    }
}

fn stream_contents(key: KeyId, scope: Scope) -> Vec<u8> {
    let server = server_of(scope).map(|server| server.to_string()).unwrap_or_default();
    format!("{key} {server}").into_bytes()
}

impl Sealer {
    pub(crate) fn new(key: &SecretBox<[u8; 32]>) -> Self {
        Self(XChaCha20Poly1305::new(key.expose_secret().into()))
    }

    /// A new id for a client's session; none when the client said too much, or without randomness.
    pub(crate) fn seal(&self, key: KeyId, scope: Scope, client: &Client) -> Option<String> {
        let contents = Contents {
            k: key,
            s: server_of(scope),
            v: client.version.name(),
            c: client.capabilities.as_deref(),
            i: client.info.as_deref(),
        };
        let text = serde_json::to_vec(&contents).ok()?;
        self.write(&text, PURPOSE).filter(|id| id.len() <= LONGEST)
    }

    /// A new id for a session that lives on an event stream; none without randomness.
    pub(crate) fn seal_stream(&self, key: KeyId, scope: Scope) -> Option<String> {
        self.write(&stream_contents(key, scope), STREAM)
    }

    /// Whether an id is of an event stream of this key on this server.
    pub(crate) fn is_stream(&self, id: &str, key: KeyId, scope: Scope) -> bool {
        self.read(id, STREAM).is_some_and(|contents| contents == stream_contents(key, scope))
    }

    /// A text for one round trip through a client.
    pub(crate) fn seal_text(&self, text: &str) -> Option<String> {
        self.write(text.as_bytes(), STATE)
    }

    pub(crate) fn open_text(&self, sealed: &str) -> Option<String> {
        String::from_utf8(self.read(sealed, STATE)?).ok()
    }

    fn write(&self, text: &[u8], purpose: &[u8]) -> Option<String> {
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce).ok()?;
        let sealed = self.0.encrypt(&XNonce::from(nonce), Payload { msg: text, aad: purpose }).ok()?;
        Some(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    fn read(&self, sealed: &str, purpose: &[u8]) -> Option<Vec<u8>> {
        if sealed.len() > LONGEST {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        self.0.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: purpose }).ok()
    }

    /// The client of a session of this key on this server; none for everything else.
    pub(crate) fn open(&self, id: &str, key: KeyId, scope: Scope) -> Option<Client> {
        let text = self.read(id, PURPOSE)?;
        let contents: Contents<'_> = serde_json::from_slice(&text).ok()?;
        if contents.k != key || contents.s != server_of(scope) {
            return None;
        }
        Some(Client {
            version: contents.v.parse().unwrap_or(Version::LATEST_LEGACY),
            capabilities: contents.c.map(ToOwned::to_owned),
            info: contents.i.map(ToOwned::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use wire::envelope::raw;

    use super::*;

    fn sealer(key: u8) -> Sealer {
        Sealer::new(&SecretBox::new(Box::new([key; 32])))
    }

    fn client(capabilities: &str) -> Client {
        Client { version: Version::V2025_06_18, capabilities: Some(raw(capabilities.to_owned())), info: None }
    }

    #[test]
    fn an_id_opens_for_its_key_and_server_only() {
        let (key, server) = (KeyId::new(1, [1; 10]), Scope::Server(ServerId::new(2, [2; 10])));
        let id = sealer(7).seal(key, server, &client(r#"{"roots":{"x":1.0}}"#)).expect("an id");
        assert!(id.bytes().all(|byte| (0x21..=0x7e).contains(&byte)), "visible ASCII (MCP, transports)");
        assert!(id.len() < 300, "{}", id.len());
        let opened = sealer(7).open(&id, key, server).expect("its own");
        assert_eq!(opened.version, Version::V2025_06_18);
        assert_eq!(opened.capabilities.expect("capabilities").get(), r#"{"roots":{"x":1.0}}"#);
        assert!(sealer(8).open(&id, key, server).is_none(), "another secret");
        assert!(sealer(7).open(&id, KeyId::new(1, [3; 10]), server).is_none(), "another key");
        let other = Scope::Server(ServerId::new(2, [3; 10]));
        assert!(sealer(7).open(&id, key, other).is_none(), "another server");
        assert!(sealer(7).open(&id, key, Scope::Project).is_none(), "all servers");
        for at in 0..id.len() {
            let mut changed = id.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("ASCII");
            assert!(sealer(7).open(&changed, key, server).is_none(), "character {at}");
        }
        for other in ["", "x", "0c44b91c0c43f1d56e525e9118ffd0e0", &id[..id.len() - 1]] {
            assert!(sealer(7).open(other, key, server).is_none(), "{other}");
        }
        let twice = sealer(7).seal(key, server, &client("{}"));
        assert_ne!(twice, sealer(7).seal(key, server, &client("{}")), "each id is new");
    }

    #[test]
    fn an_id_of_a_stream_is_good_for_its_key_and_server_only_and_for_no_session() {
        let (key, server) = (KeyId::new(1, [1; 10]), Scope::Server(ServerId::new(2, [2; 10])));
        let id = sealer(7).seal_stream(key, server).expect("an id");
        assert!(sealer(7).is_stream(&id, key, server));
        assert!(!sealer(8).is_stream(&id, key, server), "another secret");
        assert!(!sealer(7).is_stream(&id, KeyId::new(1, [3; 10]), server), "another key");
        assert!(!sealer(7).is_stream(&id, key, Scope::Project), "all servers");
        assert!(sealer(7).open(&id, key, server).is_none(), "it is no session of the other transport");
        let session = sealer(7).seal(key, server, &client("{}")).expect("an id");
        assert!(!sealer(7).is_stream(&session, key, server));
    }

    #[test]
    fn who_says_too_much_is_not_sealed() {
        let large = format!(r#"{{"x":"{}"}}"#, "y".repeat(LONGEST));
        assert!(sealer(7).seal(KeyId::new(1, [1; 10]), Scope::Project, &client(&large)).is_none());
    }
}
