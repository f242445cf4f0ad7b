//! argon2id with bounded parallelism, so that a flood of sign-ins costs neither all cores nor all
//! memory.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};
use domain::{Error, Result, SecretInput};
use tokio::sync::Semaphore;

use crate::Entropy;

/// Hashes at the same time.
const PARALLEL: usize = 2;

#[derive(Clone)]
pub(crate) struct Passwords {
    permits: Arc<Semaphore>,
    entropy: Entropy,
    params: Params,
    /// Verified against when there is no account, so that both answers take the same time.
    dummy: Arc<tokio::sync::OnceCell<String>>,
}

impl Passwords {
    pub(crate) fn new(entropy: Entropy) -> Self {
        // OWASP's floor is 19 MiB and 2 passes. Tests hash hundreds of passwords, so they stay there.
        let (memory_kib, passes) = if cfg!(test) { (19 * 1024, 2) } else { (64 * 1024, 3) };
        let params = Params::new(memory_kib, passes, 1, None).unwrap_or_default();
        Self { permits: Arc::new(Semaphore::new(PARALLEL)), entropy, params, dummy: Arc::default() }
    }

    pub(crate) async fn hash(&self, password: SecretInput) -> Result<String> {
        let salt: [u8; 16] = self.entropy.bytes();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone());
        self.run(move || {
            argon2
                .hash_password_with_salt(password.expose_secret().as_bytes(), &salt)
                .map(|hash| hash.to_string())
                .map_err(|error| Error::internal(format!("hashing a password: {error}")))
        })
        .await?
    }

    /// Whether `password` belongs to `hash`; without a hash the work is done all the same.
    pub(crate) async fn verify(&self, password: SecretInput, hash: Option<String>) -> Result<bool> {
        let known = hash.is_some();
        let hash = match hash {
            Some(hash) => hash,
            None => {
                self.dummy.get_or_try_init(|| self.hash(SecretInput::new("nobody's password"))).await?.clone()
            }
        };
        let matches = self
            .run(move || {
                let parsed = PasswordHash::new(&hash)
                    .map_err(|error| Error::internal(format!("reading a password hash: {error}")))?;
                // The hash carries its own parameters.
                Ok::<_, Error>(
                    Argon2::default().verify_password(password.expose_secret().as_bytes(), &parsed).is_ok(),
                )
            })
            .await??;
        Ok(matches && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _permit =
            self.permits.acquire().await.map_err(|e| Error::internal("waiting to hash").source(e))?;
        tokio::task::spawn_blocking(work).await.map_err(|e| Error::internal("hashing").source(e))
    }
}
