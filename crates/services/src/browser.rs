//! What a browser's session says: who is signed in.

use domain::{Error, Result, SessionId, UserId, account::User};
use tower_sessions::Session;

pub(crate) const USER_KEY: &str = "user";
pub(crate) const SESSION_KEY: &str = "session";
pub(crate) const IP_KEY: &str = "ip";
pub(crate) const AGENT_KEY: &str = "user_agent";
const SEEN_KEY: &str = "seen";

/// Signs `user` in with this browser under a new session id, so that an id that was planted before
/// is worth nothing (session fixation).
pub async fn sign_in(
    session: &Session,
    user: &User,
    ip: Option<&str>,
    user_agent: Option<&str>,
) -> Result<()> {
    session.cycle_id().await.map_err(failed)?;
    session.insert(USER_KEY, user.id).await.map_err(failed)?;
    session.insert(IP_KEY, ip).await.map_err(failed)?;
    // Long enough to tell browsers apart, short enough to show.
    let agent: Option<String> =
        user_agent.map(|text| text.chars().filter(|c| !c.is_control()).take(300).collect());
    session.insert(AGENT_KEY, agent).await.map_err(failed)?;
    session.save().await.map_err(failed)
}

/// Counts this visit: the session's idle time begins anew. Written at most once in five minutes.
pub async fn seen(session: &Session, now: domain::Timestamp) -> Result<()> {
    let window = now.timestamp() / 300;
    if session.get::<i64>(SEEN_KEY).await.map_err(failed)? != Some(window) {
        session.insert(SEEN_KEY, window).await.map_err(failed)?;
    }
    Ok(())
}

/// Signs the browser out and forgets its session.
pub async fn sign_out(session: &Session) -> Result<()> {
    session.flush().await.map_err(failed)
}

/// Who is signed in with this browser.
pub async fn signed_in(session: &Session) -> Result<Option<(UserId, SessionId)>> {
    let user = session.get(USER_KEY).await.map_err(failed)?;
    let id = session.get(SESSION_KEY).await.map_err(failed)?;
    Ok(user.zip(id))
}

fn failed(error: tower_sessions::session::Error) -> Error {
    Error::internal("using a browser's session").source(error)
}
