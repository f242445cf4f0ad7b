//! The server form as a browser posts it: flat text fields and rows, with or without WASM.

use serde::{Deserialize, Serialize};

use super::{Server, ServerInput, TIMEOUT_SECONDS, VariableInput};
use crate::{Code, Error, Result, SecretInput};

/// One row of the form. An empty value keeps the stored one; a row with an empty name is a spare.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariableForm {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub value: SecretInput,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerForm {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub transport: String,
    #[serde(default)]
    pub command: String,
    /// One argument a line.
    #[serde(default)]
    pub args: String,
    #[serde(default)]
    pub working_directory: String,
    #[serde(default)]
    pub env: Vec<VariableForm>,
    #[serde(default)]
    pub url: String,
    #[serde(default)]
    pub headers: Vec<VariableForm>,
    #[serde(default)]
    pub builtin: String,
    #[serde(default)]
    pub timeout_seconds: String,
    /// A checkbox: absent when off.
    #[serde(default)]
    pub enabled: Option<String>,
}

impl ServerForm {
    /// The form of a server that exists; values stay behind.
    #[must_use]
    pub fn of(server: &Server) -> Self {
        let rows = |names: &[String]| {
            names
                .iter()
                .map(|name| VariableForm { name: name.clone(), value: SecretInput::default() })
                .collect()
        };
        Self {
            name: server.name.clone(),
            description: server.description.clone(),
            transport: server.transport.name().to_owned(),
            command: server.command.clone(),
            args: server.args.join("\n"),
            working_directory: server.working_directory.clone().unwrap_or_default(),
            env: rows(&server.env),
            url: server.url.clone(),
            headers: rows(&server.headers),
            builtin: server.builtin.clone(),
            timeout_seconds: server.timeout_seconds.to_string(),
            enabled: server.enabled.then(|| "on".to_owned()),
        }
    }

    /// The input that the form stands for, unchecked but for what text cannot express.
    pub fn input(self) -> Result<ServerInput> {
        let rows = |rows: Vec<VariableForm>| {
            rows.into_iter()
                .filter(|row| !row.name.trim().is_empty() || !row.value.is_empty())
                .map(|row| VariableInput {
                    name: row.name.trim().to_owned(),
                    value: Some(row.value).filter(|value| !value.is_empty()),
                })
                .collect()
        };
        let timeout = self.timeout_seconds.trim();
        Ok(ServerInput {
            transport: self.transport.parse().map_err(|code| Error::field("transport", code))?,
            timeout_seconds: match timeout {
                "" => TIMEOUT_SECONDS,
                text => text.parse().map_err(|_| Error::field("timeout_seconds", Code::TimeoutInvalid))?,
            },
            name: self.name,
            description: self.description,
            command: self.command,
            args: self.args.lines().map(str::trim_end).filter(|l| !l.is_empty()).map(str::to_owned).collect(),
            working_directory: Some(self.working_directory),
            env: rows(self.env),
            url: self.url,
            headers: rows(self.headers),
            builtin: self.builtin,
            enabled: self.enabled.is_some(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Transport;

    #[test]
    fn rows_lines_and_checkboxes() {
        let form = ServerForm {
            name: "s".into(),
            transport: "stdio".into(),
            command: "npx".into(),
            args: "-y\r\n\r\nserver with space\n".into(),
            env: vec![
                VariableForm { name: "KEEP".into(), ..Default::default() },
                VariableForm::default(),
                VariableForm { name: " NEW ".into(), value: SecretInput::new("v") },
            ],
            ..Default::default()
        };
        let input = form.input().expect("a good form");
        assert_eq!(input.transport, Transport::Stdio);
        assert_eq!(input.args, ["-y", "server with space"]);
        assert_eq!(input.env.len(), 2);
        assert_eq!(input.env[0].value, None, "an empty value keeps the stored one");
        assert_eq!(input.env[1].name, "NEW");
        assert_eq!(input.timeout_seconds, TIMEOUT_SECONDS);
        assert!(!input.enabled);
    }

    #[test]
    fn a_bad_number_is_a_field_error() {
        let form =
            ServerForm { transport: "sse".into(), timeout_seconds: "soon".into(), ..Default::default() };
        let error = form.input().expect_err("not a number");
        assert_eq!(error.field_errors()[0].field, "timeout_seconds");
    }
}
