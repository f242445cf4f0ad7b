//! What a page has to show once after a plain form, when there is no WASM to hold it: a half-filled
//! form with its test, a fresh secret. Kept in this process's memory only, for the one who sent it and
//! for minutes, because it may hold secrets and must reach neither an address nor the database.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use chrono::TimeDelta;
use domain::{Timestamp, UserId};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use services::{Caller, Services};

const KEPT: TimeDelta = TimeDelta::minutes(15);
const MOST: usize = 500;

struct Draft {
    user: UserId,
    at: Timestamp,
    value: Value,
}

static DRAFTS: LazyLock<Mutex<HashMap<String, Draft>>> = LazyLock::new(Mutex::default);

/// Keeps `value` and returns the token to ask for it.
pub(crate) fn put(services: &Services, caller: &Caller, value: &impl Serialize) -> String {
    let mut random = [0_u8; 16];
    services.entropy().fill(&mut random);
    let token: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let now = services.clock().now();
    let mut drafts = DRAFTS.lock().unwrap_or_else(PoisonError::into_inner);
    drafts.retain(|_, draft| now - draft.at < KEPT);
    if drafts.len() >= MOST {
        let oldest = drafts.iter().min_by_key(|(_, draft)| draft.at).map(|(token, _)| token.clone());
        oldest.map(|token| drafts.remove(&token));
    }
    let value = serde_json::to_value(value).unwrap_or_default();
    drafts.insert(token.clone(), Draft { user: caller.subject().user, at: now, value });
    token
}

/// What was kept, for whoever kept it.
pub(crate) fn get<T: DeserializeOwned>(services: &Services, caller: &Caller, token: &str) -> Option<T> {
    let now = services.clock().now();
    let drafts = DRAFTS.lock().unwrap_or_else(PoisonError::into_inner);
    let draft =
        drafts.get(token).filter(|draft| draft.user == caller.subject().user && now - draft.at < KEPT)?;
    serde_json::from_value(draft.value.clone()).ok()
}

/// The same, and forgets it: for what is shown once.
pub(crate) fn take<T: DeserializeOwned>(services: &Services, caller: &Caller, token: &str) -> Option<T> {
    let value = get(services, caller, token)?;
    DRAFTS.lock().unwrap_or_else(PoisonError::into_inner).remove(token);
    Some(value)
}
