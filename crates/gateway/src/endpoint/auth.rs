//! Which API key a request carries.

use std::sync::Arc;

use axum::response::Response;
use domain::{Code, Timestamp};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};

use super::refuse;
use crate::directory::{Directory, KeyEntry};

const KEY_HEADER: &str = "x-api-key";

/// The key of `Authorization: Bearer …` or `X-API-Key: …`. Exactly one of them: with two, a proxy
/// in front might judge another one than we do. Never from the address, which ends up in logs.
pub(super) fn authenticate(
    directory: &Directory,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Arc<KeyEntry>, Code> {
    let secret = secret(headers)?;
    let hash: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
    let key = directory.key(&hash).ok_or(Code::KeyInvalid)?;
    if key.is_over(now) {
        return Err(Code::KeyInvalid);
    }
    Ok(key.clone())
}

fn secret(headers: &HeaderMap) -> Result<&str, Code> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter().chain(headers.get_all(KEY_HEADER));
    let Some(value) = given.next() else { return Err(Code::KeyRequired) };
    if given.next().is_some() {
        return Err(Code::KeyInvalid);
    }
    let text = value.to_str().map_err(|_| Code::KeyInvalid)?;
    if headers.contains_key(KEY_HEADER) {
        return Ok(text.trim());
    }
    match text.split_once(' ') {
        Some((scheme, secret)) if scheme.eq_ignore_ascii_case("bearer") => Ok(secret.trim()),
        _ => Err(Code::KeyInvalid),
    }
}

/// 401 with a challenge (RFC 6750 §3): without `error` when no credentials were sent.
pub(super) fn challenge(code: Code) -> Response {
    let mut response = refuse(StatusCode::UNAUTHORIZED, code, None);
    let challenge = match code {
        Code::KeyRequired => r#"Bearer realm="sluice""#,
        _ => r#"Bearer realm="sluice", error="invalid_token""#,
    };
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    response
}
