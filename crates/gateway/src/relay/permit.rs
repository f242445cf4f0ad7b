//! What a client's key lets it do, whatever the address and the era.

use domain::Code;
use wire::method;

use crate::{error::Failure, gateway::Plane, session::Session};

/// Judges one request, and counts it where it is a call. Which servers the key reaches is judged
/// where the server is known.
pub(super) fn permit(plane: &Plane, session: &Session, called: &str) -> Result<(), Failure> {
    let key = plane.key_of(session);
    if key.read_only && !method::is_read(called) {
        return Err(Failure::new(Code::KeyScope));
    }
    if !method::may_need_input(called) {
        return Ok(());
    }
    plane.rates.take(&key).map_err(|wait| {
        let limit = key.calls_per_minute.unwrap_or_default();
        Failure::new(Code::KeyLimit)
            .detail(format!("It may make {limit} a minute; wait {} ms.", wait.as_millis()))
            .retry_after(wait)
    })
}
