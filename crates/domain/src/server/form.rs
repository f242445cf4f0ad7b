//! The server form as a browser posts it: flat text fields and rows, with or without WASM.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Server, ServerInput, Sharing, TIMEOUT_SECONDS, VariableInput};
use crate::{Code, Error, Result, SecretInput};

/// One row of the form. An empty value keeps the stored one; a row with an empty name is a spare.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariableForm {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub value: SecretInput,
    /// A checkbox: the stored value goes, unless another takes its place.
    #[serde(default)]
    pub clear: Option<String>,
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
    /// Empty: made from the name, unless there is to be none.
    #[serde(default)]
    pub alias: String,
    /// A checkbox: no prefix at all.
    #[serde(default)]
    pub unprefixed: Option<String>,
    #[serde(default)]
    pub sharing: String,
    #[serde(default)]
    pub sleep_after_minutes: String,
    #[serde(default)]
    pub memory_mb: String,
    #[serde(default)]
    pub connect_seconds: String,
    #[serde(default)]
    pub initialize_seconds: String,
    #[serde(default)]
    pub total_seconds: String,
    /// A checkbox: absent when off.
    #[serde(default)]
    pub enabled: Option<String>,
    /// Empty: none.
    #[serde(default)]
    pub approved_command: String,
    /// Empty: none.
    #[serde(default)]
    pub shared: String,
    #[serde(default)]
    pub values: BTreeMap<String, String>,
}

impl ServerForm {
    /// The form of an input that is not saved yet, with its values.
    #[must_use]
    pub fn of_input(input: &ServerInput) -> Self {
        let rows = |variables: &[VariableInput]| {
            variables
                .iter()
                .map(|variable| VariableForm {
                    name: variable.name.clone(),
                    value: variable.value.clone().unwrap_or_default(),
                    clear: None,
                })
                .collect()
        };
        Self {
            name: input.name.clone(),
            description: input.description.clone(),
            transport: input.transport.name().to_owned(),
            command: input.command.clone(),
            args: input.args.join("\n"),
            working_directory: input.working_directory.clone().unwrap_or_default(),
            env: rows(&input.env),
            url: input.url.clone(),
            headers: rows(&input.headers),
            builtin: input.builtin.clone(),
            timeout_seconds: input.timeout_seconds.to_string(),
            alias: input.alias.clone().unwrap_or_default(),
            unprefixed: input.alias.as_deref().filter(|alias| alias.is_empty()).map(|_| "on".to_owned()),
            sharing: input.sharing.name().to_owned(),
            sleep_after_minutes: text(input.sleep_after_minutes),
            memory_mb: text(input.memory_mb),
            connect_seconds: text(input.connect_seconds),
            initialize_seconds: text(input.initialize_seconds),
            total_seconds: text(input.total_seconds),
            enabled: input.enabled.then(|| "on".to_owned()),
            approved_command: input.approved_command.clone().unwrap_or_default(),
            shared: input.shared.clone().unwrap_or_default(),
            values: input.values.clone(),
        }
    }

    /// The form of a server that exists; values stay behind.
    #[must_use]
    pub fn of(server: &Server) -> Self {
        let rows = |names: &[String]| {
            names.iter().map(|name| VariableForm { name: name.clone(), ..VariableForm::default() }).collect()
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
            alias: server.alias.clone(),
            unprefixed: server.alias.is_empty().then(|| "on".to_owned()),
            sharing: server.sharing.name().to_owned(),
            sleep_after_minutes: text(server.sleep_after_minutes),
            memory_mb: text(server.memory_mb),
            connect_seconds: text(server.connect_seconds),
            initialize_seconds: text(server.initialize_seconds),
            total_seconds: text(server.total_seconds),
            enabled: server.enabled.then(|| "on".to_owned()),
            approved_command: server
                .approved_command
                .as_ref()
                .map(|used| used.name.clone())
                .unwrap_or_default(),
            shared: server.shared.as_ref().map(|used| used.name.clone()).unwrap_or_default(),
            values: server.approved_command.as_ref().map(|used| used.values.clone()).unwrap_or_default(),
        }
    }

    /// The input that the form stands for, unchecked but for what text cannot express.
    pub fn input(self) -> Result<ServerInput> {
        let rows = |rows: Vec<VariableForm>| {
            rows.into_iter()
                .filter(|row| !row.name.trim().is_empty() || !row.value.is_empty())
                .filter(|row| row.clear.is_none() || !row.value.is_empty())
                .map(|row| VariableInput {
                    name: row.name.trim().to_owned(),
                    value: Some(row.value).filter(|value| !value.is_empty()),
                })
                .collect()
        };
        let timeout = self.timeout_seconds.trim();
        let alias = self.alias.trim();
        Ok(ServerInput {
            alias: match (self.unprefixed, alias) {
                (Some(_), _) => Some(String::new()),
                (None, "") => None,
                (None, alias) => Some(alias.to_owned()),
            },
            sharing: match self.sharing.as_str() {
                "" => Sharing::default(),
                text => text.parse().map_err(|code| Error::field("sharing", code))?,
            },
            sleep_after_minutes: number("sleep_after_minutes", &self.sleep_after_minutes)?,
            memory_mb: number("memory_mb", &self.memory_mb)?,
            connect_seconds: number("connect_seconds", &self.connect_seconds)?,
            initialize_seconds: number("initialize_seconds", &self.initialize_seconds)?,
            total_seconds: number("total_seconds", &self.total_seconds)?,
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
            approved_command: Some(self.approved_command).filter(|name| !name.is_empty()),
            shared: Some(self.shared).filter(|name| !name.is_empty()),
            values: self.values,
        })
    }
}

/// A number as a field shows it; empty for none.
fn text(number: Option<u32>) -> String {
    number.map(|n| n.to_string()).unwrap_or_default()
}

/// A number, or none where the field was left empty.
fn number(field: &str, text: &str) -> Result<Option<u32>> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::field(field, Code::NumberInvalid)),
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
                VariableForm { name: " NEW ".into(), value: SecretInput::new("v"), clear: None },
                VariableForm { name: "GONE".into(), clear: Some("on".into()), ..Default::default() },
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
    fn a_form_of_an_input_stands_for_that_input() {
        let mut input = ServerInput {
            name: "s".into(),
            command: "npx".into(),
            args: vec!["-y".into(), "x y".into()],
            working_directory: Some("/srv".into()),
            env: vec![
                VariableInput { name: "A".into(), value: Some(SecretInput::new("1")) },
                VariableInput { name: "B".into(), value: None },
            ],
            memory_mb: Some(64),
            ..ServerInput::default()
        };
        for alias in [None, Some(String::new()), Some("a".to_owned())] {
            input.alias = alias;
            assert_eq!(ServerForm::of_input(&input).input().expect("a good form"), input);
        }
    }

    #[test]
    fn a_bad_number_is_a_field_error() {
        let sse = ServerForm { transport: "sse".into(), ..Default::default() };
        for (form, field) in [
            (ServerForm { timeout_seconds: "soon".into(), ..sse.clone() }, "timeout_seconds"),
            (ServerForm { memory_mb: "-1".into(), ..sse.clone() }, "memory_mb"),
            (ServerForm { total_seconds: "1.5".into(), ..sse.clone() }, "total_seconds"),
        ] {
            let error = form.input().expect_err("not a number");
            assert_eq!(error.field_errors()[0].field, field);
        }
    }

    #[test]
    fn no_prefix_and_no_word_on_it_are_two_things() {
        let form = |alias: &str, unprefixed: Option<&str>| ServerForm {
            transport: "sse".into(),
            alias: alias.into(),
            unprefixed: unprefixed.map(str::to_owned),
            ..Default::default()
        };
        let alias = |form: ServerForm| form.input().expect("a good form").alias;
        assert_eq!(alias(form("", None)), None);
        assert_eq!(alias(form(" gh ", None)).as_deref(), Some("gh"));
        assert_eq!(alias(form("gh", Some("on"))).as_deref(), Some(""));
    }
}
