//! The values of a shared server's variables and headers: sealed together, never read back by people.

use domain::{Code, Error, Result, SecretInput, error::Checks, server::ServerInput};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{Row, definition};
use crate::{
    Services,
    server::variable::{Kept, kept},
};

/// In the order of the definition's variables and headers.
type Sealed = (Vec<SecretInput>, Vec<SecretInput>);

/// What the data plane gives to a server, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    pub(crate) env: Vec<(String, SecretString)>,
    pub(crate) headers: Vec<(String, SecretString)>,
}

fn place(id: Uuid) -> String {
    format!("shared_server/{id}/sealed")
}

/// Gives each variable and header without a value the stored one; one that has none is refused.
pub(super) fn complete(input: &mut ServerInput, stored: Option<&ServerInput>) -> Result<()> {
    let stored =
        stored.filter(|stored| kept(stored.transport.name(), &stored.url, input) == Kept::Everything);
    let mut checks = Checks::default();
    for (field, list, old) in [
        ("env", &mut input.env, stored.map(|stored| &stored.env)),
        ("headers", &mut input.headers, stored.map(|stored| &stored.headers)),
    ] {
        for (i, variable) in list.iter_mut().enumerate() {
            if variable.value.is_none() {
                let old = old.and_then(|old| old.iter().find(|old| old.name == variable.name));
                variable.value = old.and_then(|old| old.value.clone());
            }
            checks.require(variable.value.is_some(), &format!("{field}[{i}].value"), Code::ValueMissing);
        }
    }
    checks.finish()
}

pub(super) fn sealed(services: &Services, id: Uuid, input: &ServerInput) -> Result<Vec<u8>> {
    let values = |list: &[domain::server::VariableInput]| -> Vec<SecretInput> {
        list.iter().map(|variable| variable.value.clone().unwrap_or_default()).collect()
    };
    let values: Sealed = (values(&input.env), values(&input.headers));
    let text = serde_json::to_string(&values)
        .map(SecretString::from)
        .map_err(|error| Error::internal("writing values").source(error))?;
    services.inner.vault.seal(&place(id), text.expose_secret())
}

/// The definition with its values.
pub(crate) fn opened(services: &Services, row: &Row) -> Result<ServerInput> {
    let mut input = definition(row)?;
    let text = services.inner.vault.open(&place(row.id), &row.sealed)?;
    let (env, headers): Sealed = serde_json::from_str(text.expose_secret())
        .map_err(|error| Error::internal("reading values").source(error))?;
    for (variable, value) in input.env.iter_mut().zip(env).chain(input.headers.iter_mut().zip(headers)) {
        variable.value = Some(value);
    }
    Ok(input)
}

/// What the data plane gives to servers of this one, or why there are none.
pub(crate) fn values(services: &Services, row: &Row) -> Result<Values, Code> {
    if row.withdrawn {
        return Err(Code::SharedWithdrawn);
    }
    let input = opened(services, row).map_err(|error| {
        // One damaged secret must not take the other servers down.
        tracing::error!(cause = error.private_message(), "the secrets of a shared server cannot be read");
        error.code()
    })?;
    let named = |list: Vec<domain::server::VariableInput>| {
        list.into_iter()
            .filter_map(|variable| Some((variable.name, SecretString::from(variable.value?.expose_secret()))))
            .collect()
    };
    Ok(Values { env: named(input.env), headers: named(input.headers) })
}
